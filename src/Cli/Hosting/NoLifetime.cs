using Microsoft.Extensions.Hosting;

namespace VerSemi.Cli.Hosting;

/// <summary>A host that leaves signals to <see cref="StopSignals"/>: the command is cancelled and stops its host.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
