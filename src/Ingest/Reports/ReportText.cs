using System.Text;
using VerSemi.Domain.Catalogue;

namespace VerSemi.Ingest.Reports;

/// <summary>The report as a page for people, in Markdown.</summary>
internal static class ReportText
{
    public static string Of(IngestReport report)
    {
        var text = new StringBuilder();
        text.Append($"# Drop {Plain(report.Drop)}: {report.Outcome.ToString().ToLowerInvariant()}\n\n");
        text.Append(report.Outcome switch
        {
            IngestOutcome.Committed => $"Dataset `{report.Dataset}` is now at version `{report.Version}`.\n",
            IngestOutcome.Unchanged => $"Dataset `{report.Dataset}` holds all of it already, version `{report.Version}`.\n",
            _ => "Nothing was taken. Mend what follows and drop it again (or mend it in place):\n\n" + Bullets((report.Refusal ?? "").Split('\n')),
        });
        Section(text, "Notes", report.Notes);
        var quarantined = report.Cases.Where(found => found.Quarantined is not null).ToList();
        Section(text, $"Quarantined: {quarantined.Count}", quarantined.Select(found => $"{found.Id}: {found.Quarantined}"));
        Cases(text, report);
        return text.ToString();
    }

    private static void Cases(StringBuilder text, IngestReport report)
    {
        var accepted = report.Cases.Where(found => found.Quarantined is null).ToList();
        if (accepted.Count == 0)
            return;
        text.Append($"\n## Cases: {accepted.Count}\n\n");
        text.Append(string.Join(", ", accepted.GroupBy(found => found.Role).OrderBy(role => role.Key).Select(role => $"{role.Count()} {role.Key}"))).Append("\n\n| case | role | notes |\n|---|---|---|\n");
        foreach (var found in accepted)
            text.Append($"| {Plain(found.Id)} | {found.Role} | {Plain(string.Join(" ", found.Notes))} |\n");
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var bullets = Bullets(lines);
        if (bullets.Length > 0)
            text.Append($"\n## {title}\n\n{bullets}");
    }

    private static string Bullets(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"- {Plain(line)}\n"));

    /// <summary>File names may hold anything: no line ends, no table bars.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Replace("|", "\\|", StringComparison.Ordinal);
}
