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

    public DateTimeOffset? DueAt { get; set; }

    /// <summary>The command whose answer the state waits for.</summary>
    public string? Awaits { get; set; }

    /// <summary>How often that command was sent.</summary>
    public int Attempt { get; set; }

    /// <summary>Version by dataset: what the line had when this cycle took its data.</summary>
    public SortedDictionary<string, string> Datasets { get; set; } = new(StringComparer.Ordinal);
    public TrainingRecipe Recipe { get; set; } = new();
    public int Seed { get; set; }
    public string? StartedBy { get; set; }
    public string? Why { get; set; }

    public int? LabelSpace { get; set; }
    public string? Run { get; set; }
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

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    public static string IdOf(string line, int number) => $"{line}-{number}";
}
