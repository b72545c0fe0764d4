using Microsoft.Extensions.Hosting;

namespace VerSemi.Platform.Hosting;

/// <summary>A host that leaves signals to the code that started it.</summary>
public sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
