using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using VerSemi.Cli.Commands;
using VerSemi.Domain;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli;

/// <summary>What `versemi` offers, and how its outcomes become exit codes.</summary>
internal static class CommandLine
{
    /// <summary>A training that is interrupted writes a checkpoint and hands its run back; that may take some seconds.</summary>
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(60);

    public static RootCommand Root() => new("VerSemi: one segmentation model for a growing set of targets. For research use, not a medical device.")
    {
        SharedOptions.Data,
        SharedOptions.Server,
        SharedOptions.Json,
        DemoCommand.Create(),
        UpCommand.Create(),
        DropCommand.Create(),
        StatusCommand.Create(),
        QueuesCommand.Create(),
        DoctorCommand.Create(),
        RunsCommand.Create(),
        DatasetsCommand.Create(),
        TasksCommand.Create(),
        ModelsCommand.Create(),
        PromoteCommand.Create(),
        RollbackCommand.Create(),
        CyclesCommand.Create(),
        DrillCommand.Create(),
        SchedulesCommand.Create(),
        WithdrawCommand.Create(),
        WithdrawCommand.CreateList(),
        PseudonymCommand.Create(),
        GcCommand.Create(),
        ScrubCommand.Create(),
        RebuildCommand.Create(),
        ReconcileCommand.Create(),
        SegmentCommand.Create(),
        ImportWeightsCommand.Create(),
        ExportWeightsCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        PhantomCommand.Create(),
        LoginCommand.Create(),
        LoginCommand.CreateLogout(),
        WhoAmICommand.Create(),
        TokensCommand.Create(),
        AuditCommand.Create(),
        CompletionCommand.Create(),
    };

    public static Task<int> RunAsync(string[] args) => StopSignals.RunAsync(stop => RunAsync(args, stop), TimeToStop);

    private static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var parsed = Root().Parse(args);
        // A shell asks what may follow on a line that is not whole yet.
        var isSuggestion = args is [{ } first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);
        if (parsed.Errors.Count > 0 && !isSuggestion)
            return Usage([.. parsed.Errors.Select(error => error.Message)]);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("interrupted");
            return ExitCodes.Interrupted;
        }
        catch (UsageException e)
        {
            return Usage(e.Message);
        }
        catch (Exception e) when (FaultySettings(e) is { Count: > 0 } faults)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, faults));
            return ExitCodes.Failed;
        }
        // InvalidData is no IOException.
        catch (Exception e) when (e is DomainException or DamagedBlobException or IOException or InvalidDataException or UnauthorizedAccessException or HttpRequestException or SocketException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"This is a fault of versemi itself: {e}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>One service's options fail by themselves, those of several as an aggregate.</summary>
    private static List<string> FaultySettings(Exception e) =>
        [.. (e is AggregateException several ? several.InnerExceptions : [e]).OfType<OptionsValidationException>().SelectMany(one => one.Failures)];

    private static int Usage(params string[] errors)
    {
        foreach (var error in errors)
            Console.Error.WriteLine(error);
        Console.Error.WriteLine("See 'versemi --help' or 'versemi COMMAND --help'.");
        return ExitCodes.Usage;
    }
}
