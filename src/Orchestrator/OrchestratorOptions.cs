using VerSemi.Domain.Messages;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Triggers;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Live;
using VerSemi.Orchestrator.Notifications;
using VerSemi.Orchestrator.Retention;
using VerSemi.Orchestrator.Schedules;
using VerSemi.Orchestrator.Scrubbing;
using VerSemi.Orchestrator.Segmentations;

namespace VerSemi.Orchestrator;

/// <summary>Settings of the orchestrator; validated at start, every error at once.</summary>
public sealed class OrchestratorOptions
{
    public DatabaseOptions Database { get; } = new();

    /// <summary>Model lines by name (slugs); the case of a name in the settings does not matter.</summary>
    public Dictionary<string, LineOptions> Lines { get; } = new(StringComparer.OrdinalIgnoreCase) { ["main"] = new LineOptions() };

    /// <summary>True where a lock on the data folder keeps every other process out: leases of earlier processes are released at start.</summary>
    public bool SingleProcess { get; set; }

    /// <summary>A cycle takes its data when nothing was committed for this long.</summary>
    public TimeSpan QuietWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Drops that are under way hold a collecting cycle back for at most this long.</summary>
    public TimeSpan LongestCollecting { get; set; } = TimeSpan.FromMinutes(10);
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Within this time it is noticed that a worker is not heard of any more, and its run is given to another.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before a failed attempt or step is repeated; doubles each time, at most one minute.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How old what the metrics tell of the platform's state may be; above zero.</summary>
    public TimeSpan MetricsEvery { get; set; } = TimeSpan.FromSeconds(5);
    public RetryBudget Retries { get; set; } = new();

    /// <summary>Attempts of a run that are called for on "training", whose machines may be taken away at any time; the later ones on "training-on-demand". 0 or more; null: all on "training".</summary>
    public int? SpotAttempts { get; set; }
    public RetentionOptions Retention { get; } = new();
    public PromotionPolicy Promotion { get; set; } = new();

    /// <summary>A candidate that waits for a person is rejected after this; null: it waits for ever. Above zero.</summary>
    public TimeSpan? ApprovalWithin { get; set; }

    /// <summary>Cron schedules by name (slugs); the case of a name does not matter. A person can add others; those of the settings win by their names.</summary>
    public Dictionary<string, ScheduleOptions> Schedules { get; } = new(StringComparer.OrdinalIgnoreCase);
    public WebhookOptions Webhook { get; } = new();
    public LiveOptions Live { get; } = new();
    public SegmentationOptions Segmentations { get; } = new();
    public ScrubOptions Scrub { get; } = new();

    /// <summary>The largest file of an import over the API, in MiB. 1 to 65536.</summary>
    public int ImportMostMiB { get; set; } = 4096;
    public IdempotencyOptions Idempotency { get; } = new();

    /// <summary>A ring that nothing came of is repeated after this: its message was lost, or waits behind many others.</summary>
    internal TimeSpan RingAgain => 20 * SweepInterval;

    /// <summary>The sweep that notices it comes up to an interval later.</summary>
    internal TimeSpan TimeToExpiry => Lease - TimeSpan.FromTicks(Math.Min(2 * SweepInterval.Ticks, Lease.Ticks / 10));

    /// <summary>Environment variables are upper case by habit (VERSEMI__ORCHESTRATOR__LINES__LIVER__SEED), and names are lower case.</summary>
    internal void LowerNames()
    {
        Lower(Lines);
        Lower(Schedules);
    }

    private static void Lower<T>(Dictionary<string, T> named)
    {
        foreach (var (name, value) in named.Where(pair => pair.Key.Any(char.IsUpper)).ToList())
        {
            named.Remove(name);
            named[name.ToLowerInvariant()] = value;
        }
    }

    internal TimeSpan PauseBeforeRetry(int failures) =>
        TimeSpan.FromSeconds(Math.Min(60, RetryPause.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 10))));
}

public sealed class LineOptions
{
    /// <summary>A built-in recipe's name, or the path of a JSON file.</summary>
    public string Recipe { get; set; } = "small";
    public int Seed { get; set; } = 1;

    /// <summary>When new data starts a cycle.</summary>
    public TriggerPolicy Trigger { get; set; } = new();

    /// <summary>"whenUnderpowered": a person is asked where the cases are too few to say; "always": before every promotion.</summary>
    public string Approval { get; set; } = WhenUnderpowered;

    public const string WhenUnderpowered = "whenUnderpowered";
    public const string Always = "always";

    /// <summary>
    /// More candidates: a cycle trains every recipe (these, or <see cref="Recipe"/>) from every seed (these, or
    /// <see cref="Seed"/>) and judges the one that is best on validation. At most 16 in all.
    /// </summary>
    public List<string> Recipes { get; } = [];
    public List<int> Seeds { get; } = [];
}

/// <summary>How often an attempt of a run may fail, by kind, before the run fails.</summary>
/// <param name="Content">A pause and another worker: its copy of a damaged blob may be whole, and a damaged manifest or pointer may be written again meanwhile.</param>
public sealed record RetryBudget(int Infrastructure = 50, int OutOfMemory = 2, int Data = 0, int Code = 1, int Content = 3, int Numerics = 2)
{
    internal int Of(FailureKind failure) => failure switch
    {
        FailureKind.Infrastructure => Infrastructure,
        FailureKind.OutOfMemory => OutOfMemory,
        FailureKind.Data => Data,
        FailureKind.Content => Content,
        FailureKind.Code => Code,
        FailureKind.Numerics => Numerics,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "unknown kind of failure"),
    };
}
