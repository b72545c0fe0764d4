using MassTransit;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Recipes;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>One turn of a line: from new data to a promoted, or refused, model. A row; <see cref="CycleMachine"/> says what may happen to it.</summary>
public sealed class Cycle : SagaStateMachineInstance, ISagaRow
{
    public Guid CorrelationId { get; set; }
    public int Version { get; set; }
    public string Kind => "cycle";

    /// <summary>line-number: whoever starts the cycle after number n starts number n+1, so that two can never start at once.</summary>
    public string Id { get; set; } = "";
    public string Line { get; set; } = "";
    public int Number { get; set; }
    public string State { get; set; } = "";
    public string? Reason { get; set; }

    /// <summary>Version of the workflow that the cycle began with, and keeps (<see cref="CycleMachine.Workflow"/>).</summary>
    public int Workflow { get; set; } = 1;

    public DateTimeOffset? DueAt { get; set; }
    public DateTimeOffset? RungAt { get; set; }
    public string? TraceParent { get; set; }

    /// <summary>The command whose answer the state waits for.</summary>
    public string? Awaits { get; set; }

    /// <summary>How often that command was sent.</summary>
    public int Attempt { get; set; }

    /// <summary>Version by dataset: what the line had when this cycle took its data.</summary>
    public SortedDictionary<string, string> Datasets { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Drops whose data no earlier judged cycle of the line had, in the order of their commits. Null before it is expanded, and in rows of before these were kept.</summary>
    public List<string>? Drops { get; set; }
    public TrainingRecipe Recipe { get; set; } = new();
    public int Seed { get; set; }
    public string? StartedBy { get; set; }
    public string? Why { get; set; }

    /// <summary>The schedule that started it, and the time for which: part of its run's identity.</summary>
    public string? Schedule { get; set; }
    public DateTimeOffset? ScheduledFor { get; set; }

    public int? LabelSpace { get; set; }

    /// <summary>The candidate's run; with several candidates, that of the one chosen by validation, null until then.</summary>
    public string? Run { get; set; }

    /// <summary>What is to be trained, first without and from <see cref="Api.CycleStates.Training"/> on with its runs. Null in rows of workflow 1, which had one candidate.</summary>
    public List<Candidate>? Candidates { get; set; }
    public int? Champion { get; set; }

    public Judgement? Judgement { get; set; }

    /// <summary>Hash of the sealed cases that it was judged on.</summary>
    public string? SealedSet { get; set; }
    public string? ApprovedBy { get; set; }
    public string? ApprovedWhy { get; set; }

    /// <summary>The version that the candidate became.</summary>
    public int? Model { get; set; }

    /// <summary>Set by the same transaction that wrote the ledger's row: from then on the cycle can only be completed.</summary>
    public int? Generation { get; set; }

    /// <summary>The state in which it failed: where a retry goes on.</summary>
    public string? FailedIn { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Rows of workflow 1 know one run only.</summary>
    public IReadOnlyList<Candidate> AllCandidates() => Candidates ?? [new Candidate(Run ?? "", Recipe, Seed)];

    public static string IdOf(string line, int number) => $"{line}-{number}";
}

/// <summary>One of the trainings of a cycle.</summary>
/// <param name="Run">Empty until the label space is known.</param>
/// <param name="Dice">Mean Dice on validation; null until trained, or where there are no validation cases.</param>
/// <param name="End">A word of <see cref="Api.RunStates"/> once it is trained or over; null while it goes on.</param>
public sealed record Candidate(string Run, TrainingRecipe Recipe, int Seed, double? Dice = null, string? End = null, string? Reason = null);
