using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DurableTask.EntityFramework.Rows;

/// <summary>The provider's four tables in an application's own context.</summary>
public static class DurableTaskModel
{
    public const string Instances = "durable_task_instances";
    public const string History = "durable_task_history";
    public const string Messages = "durable_task_messages";
    public const string Activities = "durable_task_activities";

    /// <summary>To be called in OnModelCreating. The application creates the tables, by migration or EnsureCreated.</summary>
    public static ModelBuilder AddDurableTask(this ModelBuilder model)
    {
        model.Entity<InstanceRow>(row =>
        {
            row.ToTable(Instances).HasKey(i => i.Id);
            row.Ignore(i => i.IsCompleted);
            row.Property(i => i.Status).HasConversion<string>();
            row.Property(i => i.ExecutionId).IsConcurrencyToken();
            row.Property(i => i.Owner).IsConcurrencyToken();
            row.HasIndex(i => i.ParentId);
            row.HasIndex(i => i.CompletedAt);
            KeepTimes(row);
        });
        model.Entity<HistoryRow>().ToTable(History).HasKey(h => new { h.Instance, h.Number });
        model.Entity<MessageRow>(row =>
        {
            row.ToTable(Messages).HasKey(m => m.Id);
            row.HasIndex(m => m.DueAt);
            row.HasIndex(m => m.Instance);
            KeepTimes(row);
        });
        model.Entity<ActivityRow>(row =>
        {
            row.ToTable(Activities).HasKey(a => a.Id);
            row.Property(a => a.Owner).IsConcurrencyToken();
            row.HasIndex(a => a.LockedUntil);
            KeepTimes(row);
        });
        return model;
    }

    /// <summary>UTC on every engine; SQLite returns times without a kind.</summary>
    private static void KeepTimes<T>(EntityTypeBuilder<T> row) where T : class
    {
        var utc = new ValueConverter<DateTime, DateTime>(time => time, time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
        foreach (var property in row.Metadata.GetProperties())
            if (property.ClrType == typeof(DateTime) || property.ClrType == typeof(DateTime?))
                property.SetValueConverter(utc);
    }
}
