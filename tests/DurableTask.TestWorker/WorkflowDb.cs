using DurableTask.EntityFramework.Rows;
using Microsoft.EntityFrameworkCore;

namespace DurableTask.TestWorker;

/// <summary>A context with the provider's tables and nothing else.</summary>
public sealed class WorkflowDb(DbContextOptions<WorkflowDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddDurableTask();
}
