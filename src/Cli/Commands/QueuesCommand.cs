using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi queues`: what waits in the broker, and what was given up on.</summary>
internal static class QueuesCommand
{
    public static Command Create()
    {
        var command = new Command("queues", "The broker's queues: messages that wait, consumers, dead letters; none in one process");
        command.SetQuestion(async (api, _, output, cancellation) =>
            output.Table("Queues", await api.GetAsync<IReadOnlyList<QueueView>>(Routes.Queues, cancellation),
                ("queue", q => q.Queue), ("ready", q => q.Ready), ("consumers", q => q.Consumers), ("dead letters", q => q.DeadLetters)));
        return command;
    }
}
