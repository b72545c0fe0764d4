using VerSemi.DistributedKit;
using VerSemi.DistributedTests.Demo;

[assembly: AssemblyFixture(typeof(DemoFixture))]

namespace VerSemi.DistributedTests.Demo;

/// <summary>The one run of the demo that several classes look at; it begins when the first of them asks.</summary>
public sealed class DemoFixture : IAsyncDisposable
{
    private readonly Lazy<Task<DistributedDemo>> _demo = new(() => DistributedDemo.RunAsync(CancellationToken.None));

    public Task<DistributedDemo> DemoAsync() => _demo.Value;

    public async ValueTask DisposeAsync()
    {
        if (_demo is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _demo.Value).DisposeAsync();
    }
}
