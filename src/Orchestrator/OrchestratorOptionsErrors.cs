using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using VerSemi.Domain;

namespace VerSemi.Orchestrator;

/// <summary>All faults of the options at once.</summary>
internal sealed partial class OrchestratorOptionsErrors : IValidateOptions<OrchestratorOptions>
{
    public ValidateOptionsResult Validate(string? name, OrchestratorOptions options)
    {
        var errors = Of(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Of(OrchestratorOptions o)
    {
        if (o.Database.Length == 0)
            yield return "Orchestrator:Database is empty: give the path of the SQLite file.";
        foreach (var (setting, span) in new[] { ("SweepInterval", o.SweepInterval), ("Lease", o.Lease), ("Heartbeat", o.Heartbeat), ("RetryPause", o.RetryPause) })
            if (span <= TimeSpan.Zero)
                yield return $"Orchestrator:{setting} is {span}: it must be above zero.";
        foreach (var (setting, span) in new[] { ("QuietWindow", o.QuietWindow), ("LongestCollecting", o.LongestCollecting) })
            if (span < TimeSpan.Zero)
                yield return $"Orchestrator:{setting} is {span}: it must not be negative.";
        if (o.Heartbeat >= o.Lease)
            yield return $"Orchestrator:Heartbeat is {o.Heartbeat}: it must be shorter than Lease, {o.Lease}.";
        if (o.Retries.Infrastructure < 0 || o.Retries.OutOfMemory < 0 || o.Retries.Data < 0 || o.Retries.Code < 0)
            yield return $"Orchestrator:Retries is {o.Retries}: no budget can be negative.";
        if (o.Lines.Count == 0)
            yield return "Orchestrator:Lines is empty: there must be a line, e.g. main.";
        foreach (var error in o.Lines.SelectMany(line => OfLine(line.Key, line.Value)))
            yield return error;
    }

    private static IEnumerable<string> OfLine(string line, LineOptions options)
    {
        if (!Slug().IsMatch(line))
            yield return $"Orchestrator:Lines:{line}: a line's name is lower case letters, digits and '-'.";
        string? error = null;
        try
        {
            LineRecipes.Read(options.Recipe);
        }
        catch (DomainException e)
        {
            error = $"Orchestrator:Lines:{line}:Recipe: {e.Message}";
        }
        if (error is not null)
            yield return error;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Slug();
}
