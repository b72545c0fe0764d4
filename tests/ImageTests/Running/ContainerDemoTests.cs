using System.Text.RegularExpressions;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Platform.Blobs;

namespace VerSemi.ImageTests.Running;

/// <summary>The three images together, as a cluster would run them.</summary>
public sealed partial class ContainerDemoTests(ContainerDemo demo) : IClassFixture<ContainerDemo>
{
    public static TheoryData<string> Projects => [.. Building.BuiltImages.Projects];

    [Fact]
    public async Task The_datasets_of_the_demo_become_a_model_in_production()
    {
        var promotion = demo.Ledger.MinBy(row => row.Generation)!;
        var pointer = await demo.System.OpenBlobs().ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, TestContext.Current.CancellationToken);
        Assert.Equal(("promotion", 1), (promotion.Kind, promotion.Generation));
        // Another one may have followed before all was told to stop.
        Assert.InRange(pointer.Generation, promotion.Generation, 2);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_service_answers_its_probes(string project) =>
        Assert.Equal((true, true), (demo.Observed[project].Live, demo.Observed[project].Ready));

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_image_knows_its_own_health(string project) => Assert.DoesNotContain("unhealthy", demo.Observed[project].HealthCheck);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_service_is_not_root_and_has_no_capability(string project)
    {
        var process = demo.Observed[project].Process;
        Assert.Matches(@"(?m)^Uid:\t1654\t1654\t", process);
        Assert.Matches(@"(?m)^CapEff:\t0+$", process);
        Assert.Matches(@"(?m)^NoNewPrivs:\t1$", process);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_scratch_and_the_temporary_folder_can_be_written(string project)
    {
        var writable = Mount().Matches(demo.Observed[project].Process).Where(mount => mount.Groups["options"].Value.StartsWith("rw", StringComparison.Ordinal))
            .Select(mount => mount.Groups["at"].Value)
            // The kernel's own, which a container cannot do without.
            .Where(at => !at.StartsWith("/proc", StringComparison.Ordinal) && !at.StartsWith("/dev", StringComparison.Ordinal) && !at.StartsWith("/sys", StringComparison.Ordinal)
                && at is not ("/etc/hosts" or "/etc/hostname" or "/etc/resolv.conf" or "/run/.containerenv"));
        Assert.Equal(["/scratch", "/tmp"], writable.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_schedule_knows_its_time_zone()
    {
        var nightly = Assert.Single(demo.Schedules, schedule => schedule.Name == "nightly");
        var berlin = TimeZoneInfo.FindSystemTimeZoneById(ContainerDemo.TimeZone);
        Assert.NotEmpty(nightly.Next);
        Assert.All(nightly.Next, next => Assert.Equal(2, TimeZoneInfo.ConvertTime(next, berlin).Hour));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void On_sigterm_it_ends_in_order_within_the_grace_period(string project)
    {
        var stop = demo.Stops[project];
        TestContext.Current.TestOutputHelper!.WriteLine($"{project} stopped within {stop.Took.TotalSeconds:0.0} s");
        Assert.True(stop.ExitCode == 0, $"{stop.ExitCode}: {stop.Log}");
        Assert.InRange(stop.Took, TimeSpan.Zero, ContainerDemo.GracePeriod);
    }

    [GeneratedRegex(@"(?m)^\S+ (?<at>/\S*) \S+ (?<options>\S+) \d \d$")]
    private static partial Regex Mount();
}
