using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VerSemi.Orchestrator.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Distributed : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Evaluate",
                table: "runs",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<string>(
                name: "RungAt",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "TraceParent",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "ValidationDice",
                table: "runs",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "TraceParent",
                table: "datasets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Candidates",
                table: "cycles",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FailedIn",
                table: "cycles",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RungAt",
                table: "cycles",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Schedule",
                table: "cycles",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ScheduledFor",
                table: "cycles",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "TraceParent",
                table: "cycles",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Workflow",
                table: "cycles",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<long>(
                name: "PeakMemoryBytes",
                table: "attempts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "drops",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Report = table.Column<string>(type: "TEXT", nullable: false),
                    Fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", nullable: false),
                    Dataset = table.Column<string>(type: "TEXT", nullable: true),
                    DatasetVersion = table.Column<string>(type: "TEXT", nullable: true),
                    ReportedAt = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_drops", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "firings",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Schedule = table.Column<string>(type: "TEXT", nullable: false),
                    Line = table.Column<string>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    ScheduledFor = table.Column<string>(type: "TEXT", nullable: true),
                    At = table.Column<string>(type: "TEXT", nullable: false),
                    Fired = table.Column<bool>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    Cycle = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_firings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "notifications",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Event = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<string>(type: "TEXT", nullable: false),
                    DueAt = table.Column<string>(type: "TEXT", nullable: true),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    DeliveredAt = table.Column<string>(type: "TEXT", nullable: true),
                    LastError = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notifications", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "schedules",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Line = table.Column<string>(type: "TEXT", nullable: false),
                    Cron = table.Column<string>(type: "TEXT", nullable: false),
                    TimeZone = table.Column<string>(type: "TEXT", nullable: false),
                    Overlap = table.Column<string>(type: "TEXT", nullable: false),
                    CatchUp = table.Column<string>(type: "TEXT", nullable: false),
                    JitterSeconds = table.Column<double>(type: "REAL", nullable: false),
                    Paused = table.Column<bool>(type: "INTEGER", nullable: false),
                    PausedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Origin = table.Column<string>(type: "TEXT", nullable: false),
                    NextTime = table.Column<string>(type: "TEXT", nullable: true),
                    NextDue = table.Column<string>(type: "TEXT", nullable: true),
                    LastFired = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_schedules", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "withdrawals",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Dataset = table.Column<string>(type: "TEXT", nullable: true),
                    Case = table.Column<string>(type: "TEXT", nullable: true),
                    Patient = table.Column<string>(type: "TEXT", nullable: true),
                    Who = table.Column<string>(type: "TEXT", nullable: false),
                    Why = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<string>(type: "TEXT", nullable: false),
                    DueAt = table.Column<string>(type: "TEXT", nullable: true),
                    DoneAt = table.Column<string>(type: "TEXT", nullable: true),
                    Erased = table.Column<string>(type: "TEXT", nullable: false),
                    Models = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_withdrawals", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_runs_Cycle",
                table: "runs",
                column: "Cycle");

            migrationBuilder.CreateIndex(
                name: "IX_runs_DueAt",
                table: "runs",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_cycles_DueAt",
                table: "cycles",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_firings_Schedule_Line_Key",
                table: "firings",
                columns: new[] { "Schedule", "Line", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_notifications_DueAt",
                table: "notifications",
                column: "DueAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "drops");

            migrationBuilder.DropTable(
                name: "firings");

            migrationBuilder.DropTable(
                name: "notifications");

            migrationBuilder.DropTable(
                name: "schedules");

            migrationBuilder.DropTable(
                name: "withdrawals");

            migrationBuilder.DropIndex(
                name: "IX_runs_Cycle",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_runs_DueAt",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "IX_cycles_DueAt",
                table: "cycles");

            migrationBuilder.DropColumn(
                name: "Evaluate",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "RungAt",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "TraceParent",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "ValidationDice",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "TraceParent",
                table: "datasets");

            migrationBuilder.DropColumn(
                name: "Candidates",
                table: "cycles");

            migrationBuilder.DropColumn(
                name: "FailedIn",
                table: "cycles");

            migrationBuilder.DropColumn(
                name: "RungAt",
                table: "cycles");

            migrationBuilder.DropColumn(
                name: "Schedule",
                table: "cycles");

            migrationBuilder.DropColumn(
                name: "ScheduledFor",
                table: "cycles");

            migrationBuilder.DropColumn(
                name: "TraceParent",
                table: "cycles");

            migrationBuilder.DropColumn(
                name: "Workflow",
                table: "cycles");

            migrationBuilder.DropColumn(
                name: "PeakMemoryBytes",
                table: "attempts");
        }
    }
}
