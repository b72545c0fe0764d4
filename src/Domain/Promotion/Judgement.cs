using System.Text.Json.Serialization;

namespace VerSemi.Domain.Promotion;

public enum TaskOutcome { Pass, Fail, Underpowered }
public enum Decision { Promote, Reject, NeedsApproval }

/// <summary>What the policy says of a candidate, and every number it rests on.</summary>
public sealed record Judgement(Decision Decision, string Reason, IReadOnlyList<TaskVerdict> Tasks)
{
    /// <summary>Predictions that collapsed during the candidate's training, in words. Empty in rows of earlier versions.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];

    /// <summary>What to try next; empty unless it was rejected, and in rows of earlier versions.</summary>
    public IReadOnlyList<string> Next { get; init; } = [];

    /// <summary>The reason, the alarms and what to try next, for wherever one text is shown.</summary>
    [JsonIgnore]
    public string Text => string.Join(" ", [Reason, .. Alarms.Select(alarm => $"Alarm: {alarm}."), .. Next.Select(step => $"Next: {step}.")]);
}

/// <param name="IsNew">The champion does not know the task, or cannot read the modality of any of its cases.</param>
/// <param name="Cases">Sealed cases that carry the task; for an old task those that the champion can read.</param>
/// <param name="Candidate">Mean Dice.</param>
/// <param name="Champion">Mean Dice; null for a new task.</param>
/// <param name="LowerBound">One-sided 95 % lower bound of the mean paired difference (paired bootstrap); null for a new task.</param>
/// <param name="PValue">Of "not better", before Holm's correction; null for a new task.</param>
/// <param name="Better">Better than the champion after Holm over the tasks.</param>
public sealed record TaskVerdict(
    string Task, bool IsNew, int Cases, double Candidate, double? Champion, double? LowerBound, double? PValue, bool Better, TaskOutcome Outcome, string Reason);
