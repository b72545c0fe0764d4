using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VerSemi.Orchestrator.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SegmentationWarnings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Warnings",
                table: "segmentations",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Warnings",
                table: "segmentations");
        }
    }
}
