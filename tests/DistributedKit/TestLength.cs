namespace VerSemi.DistributedKit;

/// <summary>VERSEMI_LONG=1: the same tests at full length, which `./test` has no time for.</summary>
public static class TestLength
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("VERSEMI_LONG") == "1";
}
