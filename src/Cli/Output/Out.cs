using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using VerSemi.Domain;

namespace VerSemi.Cli.Output;

/// <summary>What a command prints: tables and lines for people, or, with --json, one JSON document and nothing else on standard output.</summary>
internal sealed class Out
{
    /// <summary>A pipe has no width; tables must not be cut there.</summary>
    private const int WidthOfAPipe = 200;

    private Out(bool json)
    {
        IsJson = json;
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Out) });
        if (System.Console.IsOutputRedirected)
            Console.Profile.Width = WidthOfAPipe;
    }

    public bool IsJson { get; }
    public IAnsiConsole Console { get; }

    /// <summary>Whether moving bars can be shown.</summary>
    public bool IsLive => !IsJson && Console.Profile.Capabilities.Interactive && !System.Console.IsOutputRedirected;

    public static Out Of(ParseResult parsed) => new(parsed.GetValue(SharedOptions.Json));

    public void Line(string text = "")
    {
        if (!IsJson)
            Console.WriteLine(text);
    }

    public static void Json<T>(T value) => System.Console.Out.WriteLine(JsonSerializer.Serialize(value, DomainJson.Readable));

    /// <summary>The rows as a table, or as a JSON array.</summary>
    public void Table<T>(string title, IEnumerable<T> rows, params (string Name, Func<T, object?> Cell)[] columns)
    {
        var all = rows.ToList();
        if (IsJson)
        {
            Json(all);
            return;
        }
        if (all.Count == 0)
        {
            Line($"{title}: none");
            return;
        }
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Rounded };
        foreach (var (name, _) in columns)
            table.AddColumn(new TableColumn(Markup.Escape(name)));
        foreach (var row in all)
            table.AddRow(columns.Select(column => Markup.Escape(Text(column.Cell(row)))).ToArray());
        Console.Write(table);
    }

    /// <summary>Names and values of one thing.</summary>
    public void Facts(string title, params (string Name, object? Value)[] facts)
    {
        if (IsJson)
            return;
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumns("", "");
        foreach (var (name, value) in facts.Where(fact => fact.Value is not null))
            table.AddRow(Markup.Escape(name), Markup.Escape(Text(value)));
        Console.Write(table);
    }

    public static string Text(object? value) => value switch
    {
        null => "–",
        double.NaN => "–",
        double number => number.ToString("0.000", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan span => span.TotalHours >= 1 ? span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : span.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        bool flag => flag ? "yes" : "no",
        IEnumerable<string> many => string.Join(", ", many),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
