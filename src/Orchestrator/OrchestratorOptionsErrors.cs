using Microsoft.Extensions.Options;
using VerSemi.Domain;

namespace VerSemi.Orchestrator;

/// <summary>All faults of the options at once.</summary>
internal sealed class OrchestratorOptionsErrors : IValidateOptions<OrchestratorOptions>
{
    public ValidateOptionsResult Validate(string? name, OrchestratorOptions options)
    {
        var errors = Of(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Of(OrchestratorOptions o)
    {
        foreach (var error in o.Database.Errors())
            yield return error;
        foreach (var (setting, span) in new[] { ("SweepInterval", o.SweepInterval), ("Lease", o.Lease), ("Heartbeat", o.Heartbeat), ("RetryPause", o.RetryPause), ("MetricsEvery", o.MetricsEvery) })
            if (span <= TimeSpan.Zero)
                yield return $"Orchestrator:{setting} is {span}: it must be above zero.";
        foreach (var (setting, span) in new[] { ("QuietWindow", o.QuietWindow), ("LongestCollecting", o.LongestCollecting) })
            if (span < TimeSpan.Zero)
                yield return $"Orchestrator:{setting} is {span}: it must not be negative.";
        if (o.Heartbeat >= o.Lease)
            yield return $"Orchestrator:Heartbeat is {o.Heartbeat}: it must be shorter than Lease, {o.Lease}.";
        if (o.Retries.Infrastructure < 0 || o.Retries.OutOfMemory < 0 || o.Retries.Data < 0 || o.Retries.Code < 0 || o.Retries.Content < 0 || o.Retries.Numerics < 0)
            yield return $"Orchestrator:Retries is {o.Retries}: no budget can be negative.";
        if (o.SpotAttempts < 0)
            yield return $"Orchestrator:SpotAttempts is {o.SpotAttempts}: 0 or more is possible, or nothing for a single queue.";
        if (o.ApprovalWithin <= TimeSpan.Zero)
            yield return $"Orchestrator:ApprovalWithin is {o.ApprovalWithin}: it must be above zero, or absent for no deadline.";
        if (o.ImportMostMiB is < 1 or > 65_536)
            yield return $"Orchestrator:ImportMostMiB is {o.ImportMostMiB}: 1 to 65536 is possible.";
        foreach (var error in o.Webhook.Errors().Concat(o.Live.Errors()).Concat(o.Segmentations.Errors()).Concat(o.Scrub.Errors()).Concat(o.Idempotency.Errors()))
            yield return error;
        foreach (var (name, schedule) in o.Schedules)
            foreach (var error in schedule.Errors(name, o.Lines.Keys))
                yield return $"Orchestrator:Schedules:{name}: {error}";
        foreach (var error in o.Retention.Errors())
            yield return error;
        if (o.Lines.Count == 0)
            yield return "Orchestrator:Lines is empty: there must be a line, e.g. main.";
        foreach (var error in o.Lines.SelectMany(line => OfLine(line.Key, line.Value)))
            yield return error;
    }

    private static IEnumerable<string> OfLine(string line, LineOptions options)
    {
        if (!Slug.Is(line))
            yield return $"Orchestrator:Lines:{line}: a line's name is lower case letters, digits and '-', at most {Slug.MostLetters}.";
        foreach (var wrong in options.Trigger.Errors())
            yield return $"Orchestrator:Lines:{line}:Trigger:{wrong}";
        if (options.Approval is not (LineOptions.WhenUnderpowered or LineOptions.Always))
            yield return $"Orchestrator:Lines:{line}:Approval is '{options.Approval}': '{LineOptions.WhenUnderpowered}' or '{LineOptions.Always}' is possible.";
        if (Math.Max(1, options.Recipes.Count) * Math.Max(1, options.Seeds.Count) > LineRecipes.MostCandidates)
            yield return $"Orchestrator:Lines:{line} has {options.Recipes.Count} Recipes and {options.Seeds.Count} Seeds: at most {LineRecipes.MostCandidates} candidates are possible.";
        foreach (var recipe in options.Recipes.Append(options.Recipe).Distinct())
            if (FaultOf(recipe) is { } fault)
                yield return $"Orchestrator:Lines:{line}:Recipe: {fault}";
    }

    private static string? FaultOf(string recipe)
    {
        try
        {
            LineRecipes.Read(recipe);
            return null;
        }
        catch (DomainException e)
        {
            return e.Message;
        }
    }
}
