using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Notifications;

/// <summary>What a receiver reads.</summary>
public sealed record WebhookBody(string Type, DateTimeOffset Timestamp, WebhookData Data);

/// <summary>Ids, words and numbers; never a case's or patient's name.</summary>
/// <param name="Dice">The candidate's mean Dice by task, where it was judged.</param>
/// <param name="Outcome">Of a drop: "committed", "unchanged" or "refused".</param>
public sealed record WebhookData(
    string? Cycle = null, string? Line = null, string? State = null, string? Reason = null, string? Run = null, int? Model = null, int? Generation = null,
    IReadOnlyDictionary<string, double>? Dice = null,
    string? Drop = null, string? Outcome = null, string? Dataset = null, string? Version = null, int? Accepted = null, int? Quarantined = null);

internal static class WebhookBodies
{
    private static readonly Dictionary<string, string> OfState = new()
    {
        [CycleStates.AwaitingApproval] = WebhookEvents.ApprovalNeeded,
        [CycleStates.Completed] = WebhookEvents.CyclePromoted,
        [CycleStates.Rejected] = WebhookEvents.CycleRejected,
        [CycleStates.Failed] = WebhookEvents.CycleFailed,
    };

    /// <summary>Null where entering this state is nothing to tell.</summary>
    public static string? EventOf(string state) => OfState.GetValueOrDefault(state);

    /// <summary>A cycle may fail twice, after a retry: the row's version tells the two apart.</summary>
    public static NotificationRow Of(Cycle cycle, string what, DateTimeOffset now) => Row(what, cycle.Id, $"{what}/{cycle.Id}/{cycle.Version}", now, new WebhookData(
        cycle.Id, cycle.Line, cycle.State, Outward(cycle), cycle.Run, cycle.Model, cycle.Generation,
        cycle.Judgement?.Tasks.Where(task => double.IsFinite(task.Candidate)).ToDictionary(task => task.Task, task => task.Candidate)));

    public static string IdOf(IngestReport report) => $"{WebhookEvents.ReportReady}/{report.Drop}/{report.Fingerprint}";

    public static NotificationRow Of(IngestReport report, DateTimeOffset now) => Row(WebhookEvents.ReportReady, report.Drop, IdOf(report), now, new WebhookData(
        Drop: report.Drop, Outcome: report.Outcome.ToString().ToLowerInvariant(), Dataset: report.Dataset, Version: report.Version,
        Accepted: report.Cases.Count(entry => entry.Quarantined is null), Quarantined: report.Cases.Count(entry => entry.Quarantined is not null)));

    private static NotificationRow Row(string what, string subject, string id, DateTimeOffset now, WebhookData data) => new()
    {
        Id = id,
        Event = what,
        Subject = subject,
        CreatedAt = now,
        DueAt = now,
        Body = JsonSerializer.Serialize(new WebhookBody(what, now, data), DomainJson.Canonical),
    };

    // A judgement's words are all our own. What follows a colon elsewhere may be a person's, or an error's, and name a case.
    private static string? Outward(Cycle cycle) =>
        cycle.Reason is null || cycle.Reason == cycle.Judgement?.Reason ? cycle.Reason : cycle.Reason.Split(": ")[0];
}
