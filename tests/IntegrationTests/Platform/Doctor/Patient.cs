using Microsoft.Extensions.DependencyInjection;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;

namespace VerSemi.IntegrationTests.Platform.Doctor;

/// <summary>The services of a process that are looked at and never started.</summary>
internal static class Patient
{
    /// <summary>What the checks of such a process find.</summary>
    public static async Task<IReadOnlyList<Finding>> LookAtAsync(Action<IServiceCollection> add, BusOptions? bus = null, params string[] queues)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMessageBus(bus ?? new BusOptions(), build => build.Declare(queues));
        services.AddDoctor();
        add(services);
        await using var provider = services.BuildServiceProvider();
        return [.. await Examination.RunAsync(provider, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)];
    }

    public static Task<IReadOnlyList<Finding>> OnBlobsAsync(BlobOptions blobs, Action<IServiceCollection>? add = null) => LookAtAsync(services =>
    {
        services.AddBlobStore(blobs);
        add?.Invoke(services);
    });

    public static Finding Of(this IReadOnlyList<Finding> findings, string check) => findings.Single(finding => finding.Check == check);

    public static void IsWrong(this Finding finding, string found, string mend)
    {
        Assert.Contains(found, finding.Found, StringComparison.Ordinal);
        Assert.Contains(mend, finding.Mend ?? "(all is well)", StringComparison.Ordinal);
    }
}
