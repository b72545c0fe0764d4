using System.CommandLine;
using Microsoft.Extensions.Configuration;
using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Ingest;
using VerSemi.Ingest.Drops;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi pseudonym NAME…`: under which name a case or patient is known, where names are kept as pseudonyms. Asks no platform: names stay on this machine.</summary>
internal static class PseudonymCommand
{
    private sealed record Known(string Name, string Pseudonym);

    private const string Setting = "VerSemi:Ingest:PseudonymKey";

    public static Command Create()
    {
        var names = new Argument<string[]>("NAME") { Description = "Names of cases or patients", Arity = ArgumentArity.OneOrMore };
        var command = new Command("pseudonym", "The pseudonym of a case's or patient's name, by the key of Ingest:PseudonymKey or of the data folder's DICOM drops; nothing is sent") { names };
        command.SetAction(parsed =>
        {
            parsed.RefuseServer();
            var known = Of(Key(parsed.DataFolder().Path));
            Out.Of(parsed).Table("Pseudonyms", [.. parsed.GetValue(names)!.Select(name => new Known(name, known.Of(name)))], ("name", n => n.Name), ("pseudonym", n => n.Pseudonym));
        });
        return command;
    }

    private static Pseudonyms Of(string key)
    {
        if (key.Length is > 0 and < Pseudonyms.ShortestKey)
            throw new UsageException($"{Setting} has {key.Length} characters: at least {Pseudonyms.ShortestKey} are needed, as Ingest has it.");
        return Pseudonyms.Of(new IngestOptions { PseudonymKey = key })
            ?? throw new UsageException($"{Setting} is not set: names are kept as they are. To ask for another platform's pseudonyms set VERSEMI__INGEST__PSEUDONYMKEY to its key.");
    }

    /// <summary>As configured; else the key that DICOM drops created. Empty where there is none.</summary>
    private static string Key(string data)
    {
        var created = Path.Combine(data, BlobLayout.PseudonymKey);
        return Configured(data) is { Length: > 0 } key ? key : File.Exists(created) ? File.ReadAllText(created).Trim() : "";
    }

    private static string Configured(string data) =>
        new ConfigurationBuilder().AddJsonFile(Path.Combine(data, "versemi.json"), optional: true).AddEnvironmentVariables().Build()[Setting] ?? "";
}
