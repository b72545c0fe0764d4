namespace VerSemi.DistributedKit;

/// <summary>VERSEMI_LONG=1: the same tests with the figures that were promised, which `./test` has no time for.</summary>
public static class TestLength
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("VERSEMI_LONG") == "1";
}
