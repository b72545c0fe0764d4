using VerSemi.Domain.Promotion;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Output;

/// <summary>How a cycle ended, in words and numbers.</summary>
internal static class Verdict
{
    public static void Show(Out output, CycleDetail detail)
    {
        if (output.IsJson)
        {
            Out.Json(detail);
            return;
        }
        if (detail.Judgement is { } judgement)
            Show(output, judgement);
        if (detail.Forgetting is { Models.Count: > 1 } forgetting)
            Forgetting.Show(output, forgetting);
        output.Line(Sentence(detail.Cycle));
    }

    public static void Show(Out output, Judgement judgement) => output.Table($"Verdict: {judgement.Reason}", judgement.Tasks,
        ("task", t => t.Task), ("new", t => t.IsNew), ("cases", t => t.Cases), ("Dice", t => t.Candidate), ("before", t => t.Champion),
        ("lower bound", t => t.LowerBound), ("better", t => t.Better), ("outcome", t => t.Outcome), ("because", t => t.Reason));

    public static string Sentence(CycleView cycle) => cycle.State switch
    {
        CycleStates.Completed => $"Promoted: {cycle.Line}/{cycle.Model} is in production (generation {cycle.Generation}).",
        CycleStates.AwaitingApproval => $"Waits for a person: {cycle.Reason} Say 'versemi cycles approve {cycle.Id}' or 'versemi cycles reject {cycle.Id}'.",
        // A judgement's reason begins with its decision.
        _ => cycle.Reason?.StartsWith(cycle.State, StringComparison.Ordinal) == true ? cycle.Reason : $"{cycle.State}: {cycle.Reason}",
    };

    public static int ExitCode(CycleView cycle) => cycle.State == CycleStates.Completed ? ExitCodes.Ok : ExitCodes.Failed;
}
