using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi doctor`: what does the platform need, and is it there?</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Look at everything that the platform needs (broker, database, blobs, clocks, disks, production.json) and say how to mend what is wrong; exit code 1 when something is. Of a server: as the orchestrator sees it; each service has a 'doctor' of its own");
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var session = await Ask.OpenAsync(parsed, new HostPlan(command.Name, Workers: false), cancellation);
            var findings = await session.Api.GetAsync<IReadOnlyList<FindingView>>(Routes.Doctor, cancellation);
            Show(Out.Of(parsed), findings);
            return findings.All(finding => finding.Mend is null) ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    private static void Show(Out output, IReadOnlyList<FindingView> findings)
    {
        if (output.IsJson)
        {
            Out.Json(findings);
            return;
        }
        foreach (var finding in findings)
        {
            output.Line($"{(finding.Mend is null ? "ok   " : "WRONG")} {finding.Check}: {finding.Found}");
            if (finding.Mend is not null)
                output.Line($"      mend: {finding.Mend}");
        }
    }
}
