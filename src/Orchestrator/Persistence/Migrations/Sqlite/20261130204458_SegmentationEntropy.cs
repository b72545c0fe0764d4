using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VerSemi.Orchestrator.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SegmentationEntropy : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Entropy",
                table: "segmentations",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Entropy",
                table: "segmentations");
        }
    }
}
