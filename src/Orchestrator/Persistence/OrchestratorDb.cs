using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Segmentations;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Metrics;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Persistence;

public sealed record DueRow(string Id, string? TraceParent);

/// <param name="OldestOpen">Every transaction with a lower number has ended.</param>
/// <param name="Next">No transaction has this number yet; 0 where there is one writer and rows become visible in the order of their ids.</param>
public sealed record OpenTransactions(long OldestOpen, long Next)
{
    public bool CanReorder => Next > 0;
}

/// <summary>
/// The one database. A state and the timeline row that tells of it are written by the same SaveChanges: neither is ever
/// there without the other.
/// </summary>
public abstract class OrchestratorDb(DbContextOptions options, IDatabaseClock clock) : DbContext(options)
{
    public DbSet<Cycle> Cycles => Set<Cycle>();
    public DbSet<Run> Runs => Set<Run>();
    public DbSet<TimelineRow> Timeline => Set<TimelineRow>();
    public DbSet<LabelSpaceRow> LabelSpaces => Set<LabelSpaceRow>();
    public DbSet<DatasetRow> Datasets => Set<DatasetRow>();
    public DbSet<ModelRow> Models => Set<ModelRow>();
    public DbSet<LedgerRow> Ledger => Set<LedgerRow>();
    public DbSet<LeaseRow> Leases => Set<LeaseRow>();
    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();
    public DbSet<DropRow> Drops => Set<DropRow>();
    public DbSet<ScheduleRow> Schedules => Set<ScheduleRow>();
    public DbSet<FiringRow> Firings => Set<FiringRow>();
    public DbSet<NotificationRow> Notifications => Set<NotificationRow>();
    public DbSet<WithdrawalRow> Withdrawals => Set<WithdrawalRow>();
    public DbSet<AccessTokenRow> AccessTokens => Set<AccessTokenRow>();
    public DbSet<AuditRow> Audit => Set<AuditRow>();
    public DbSet<ProtectionKeyRow> ProtectionKeys => Set<ProtectionKeyRow>();
    public DbSet<SegmentationRow> Segmentations => Set<SegmentationRow>();
    public DbSet<IdempotencyRow> Idempotency => Set<IdempotencyRow>();

    public IDatabaseClock Clock => clock;

    /// <summary>Adds a timeline row to what the next SaveChanges writes.</summary>
    public void Note(string kind, string subject, string what, string? detail = null, string? who = null, string? from = null, string? to = null) =>
        Timeline.Add(new TimelineRow { At = clock.Now, Kind = kind, Subject = subject, Event = what, Detail = detail, Who = who, From = from, To = to });

    public void Note(ISagaRow saga, string what, string? detail = null, string? who = null) => Note(saga.Kind, saga.Id, what, detail, who);

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<ISagaRow>().ToList())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified))
                continue;
            var saga = entry.Entity;
            var before = entry.State == EntityState.Added ? null : (string?)entry.OriginalValues[nameof(ISagaRow.State)];
            if (entry.State == EntityState.Added && saga.CreatedAt != default)
                continue; // put back as it was, by a rebuild
            if (entry.State == EntityState.Added)
                saga.CreatedAt = clock.Now;
            // A new wait: the old ring is not its ring.
            if (entry.Property(nameof(ISagaRow.DueAt)).IsModified)
                saga.RungAt = null;
            saga.Version++;
            saga.UpdatedAt = clock.Now;
            if (before != saga.State)
                Note(saga.Kind, saga.Id, "state", saga.Reason, from: before, to: saga.State);
        }
        // Counted only once it is stored: what fails is done again.
        var events = EventMetrics.Of(ChangeTracker);
        var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        events.ForEach(count => count());
        return written;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ConfigureTimes(configurationBuilder);
        // States and kinds are words: rows stay readable when an enum grows.
        configurationBuilder.Properties<WorkKind>().HaveConversion<string>();
        configurationBuilder.Properties<FailureKind>().HaveConversion<string>();
        JsonColumn<TrainingRecipe>.Use(configurationBuilder);
        JsonColumn<Judgement>.Use(configurationBuilder);
        JsonColumn<LabelSpace>.Use(configurationBuilder);
        JsonColumn<RunProgress>.Use(configurationBuilder);
        JsonColumn<List<string>>.Use(configurationBuilder);
        JsonColumn<List<Candidate>>.Use(configurationBuilder);
        JsonColumn<List<SegmentationLabel>>.Use(configurationBuilder);
        JsonColumn<Dictionary<string, double>>.Use(configurationBuilder);
        JsonColumn<SortedDictionary<string, string>>.Use(configurationBuilder);
    }

    /// <summary>Creates the schema, or brings it up to date. Old replicas go on working on the new schema: a migration only adds.</summary>
    public abstract Task MigrateAsync(CancellationToken cancellation);

    /// <summary>
    /// What is due and was not rung for since <paramref name="again"/>, marked as rung for: of several replicas that look at
    /// once, each row goes to one.
    /// </summary>
    public abstract Task<List<DueRow>> ClaimDueAsync<T>(DateTimeOffset again, CancellationToken cancellation) where T : class, ISagaRow;

    /// <summary>Which transactions may still bring rows with ids that were given out before. Of an engine with one writer: none.</summary>
    public virtual Task<OpenTransactions> TransactionsAsync(CancellationToken cancellation) => Task.FromResult(new OpenTransactions(0, 0));

    /// <summary>Points in time: how the engine keeps them so that they sort and compare.</summary>
    protected abstract void ConfigureTimes(ModelConfigurationBuilder configuration);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Cycle>(cycle =>
        {
            cycle.ToTable("cycles").HasKey(c => c.CorrelationId);
            cycle.Property(c => c.CorrelationId).ValueGeneratedNever();
            cycle.Property(c => c.Version).IsConcurrencyToken();
            cycle.Ignore(c => c.Kind);
            cycle.Property(c => c.Id).IsRequired();
            cycle.HasIndex(c => c.Id).IsUnique();
            cycle.HasIndex(c => new { c.Line, c.Number }).IsUnique();
            cycle.HasIndex(c => c.DueAt);
            cycle.HasIndex(c => c.CreatedAt);
            cycle.Property(c => c.Workflow).HasDefaultValue(1);
        });
        modelBuilder.Entity<Run>(run =>
        {
            run.ToTable("runs").HasKey(r => r.CorrelationId);
            run.Property(r => r.CorrelationId).ValueGeneratedNever();
            run.Property(r => r.Version).IsConcurrencyToken();
            run.Ignore(r => r.Kind).Ignore(r => r.Pause).Ignore(r => r.NextWork).Ignore(r => r.Rests);
            run.Property(r => r.Id).IsRequired();
            run.HasIndex(r => r.Id).IsUnique();
            run.HasIndex(r => r.DueAt);
            run.HasIndex(r => r.Cycle);
            run.HasIndex(r => r.CreatedAt);
            run.Property(r => r.Evaluate).HasDefaultValue(true).HasSentinel(true);
        });
        modelBuilder.Entity<TimelineRow>().ToTable("timeline").HasIndex(t => new { t.Kind, t.Subject });
        modelBuilder.Entity<LabelSpaceRow>().ToTable("label_spaces").HasKey(s => new { s.Line, s.Version });
        modelBuilder.Entity<DatasetRow>(dataset =>
        {
            dataset.ToTable("datasets").HasKey(d => d.Name);
            // Of two replicas that see a new head, one takes it.
            dataset.Property(d => d.Generation).IsConcurrencyToken();
        });
        modelBuilder.Entity<ModelRow>(model =>
        {
            model.ToTable("models").HasKey(m => new { m.Line, m.Version });
            model.HasIndex(m => new { m.Line, m.Run }).IsUnique();
        });
        modelBuilder.Entity<LedgerRow>().ToTable("ledger").HasKey(l => new { l.Line, l.Generation });
        modelBuilder.Entity<LeaseRow>().ToTable("leases").HasKey(l => l.Run);
        modelBuilder.Entity<AttemptRow>().ToTable("attempts").HasKey(a => new { a.Run, a.Number });
        modelBuilder.Entity<DropRow>().ToTable("drops").HasKey(d => d.Name);
        modelBuilder.Entity<ScheduleRow>(schedule =>
        {
            schedule.ToTable("schedules").HasKey(s => s.Name);
            schedule.Property(s => s.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<FiringRow>(firing =>
        {
            firing.Ignore(f => f.Word);
            firing.ToTable("firings").HasIndex(f => new { f.Schedule, f.Line, f.Key }).IsUnique();
            firing.HasIndex(f => new { f.Schedule, f.Line, f.Id });
        });
        modelBuilder.Entity<NotificationRow>(notification =>
        {
            notification.ToTable("notifications").HasKey(n => n.Id);
            notification.HasIndex(n => n.DueAt);
        });
        modelBuilder.Entity<WithdrawalRow>(withdrawal =>
        {
            withdrawal.ToTable("withdrawals").HasKey(w => w.Id);
            withdrawal.Property(w => w.DoneAt).IsConcurrencyToken();
        });
        AccessRows.Configure(modelBuilder);
        modelBuilder.Entity<SegmentationRow>(segmentation =>
        {
            segmentation.ToTable("segmentations").HasKey(s => s.Id);
            segmentation.Property(s => s.Version).IsConcurrencyToken();
            segmentation.HasIndex(s => s.DueAt);
            segmentation.HasIndex(s => s.ExpiresAt);
        });
        modelBuilder.Entity<IdempotencyRow>(answer =>
        {
            answer.ToTable("idempotency").HasKey(a => a.Key);
            answer.Property(a => a.Owner).IsConcurrencyToken();
            answer.HasIndex(a => a.ExpiresAt);
        });
    }
}
