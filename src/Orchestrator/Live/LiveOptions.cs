namespace VerSemi.Orchestrator.Live;

/// <summary>How events reach those who follow. A part of <see cref="OrchestratorOptions"/>.</summary>
public sealed class LiveOptions
{
    /// <summary>How often the database is looked at while somebody follows; 50 ms to 10 s.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the drops are looked at, in the blob store; 100 ms to 5 min.</summary>
    public TimeSpan DropsEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A stream on which nothing happens says so this often, so that nothing between takes it for dead; 1 s to 5 min.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Events that wait for a slow follower before it is told to read the state anew; 10 to 100,000.</summary>
    public int Waiting { get; set; } = 5000;

    /// <summary>Streams of one process at once; 1 to 100,000. More are refused with 503.</summary>
    public int MostStreams { get; set; } = 1000;

    internal IEnumerable<string> Errors()
    {
        if (LookEvery < TimeSpan.FromMilliseconds(50) || LookEvery > TimeSpan.FromSeconds(10))
            yield return $"Orchestrator:Live:LookEvery is {LookEvery}: 00:00:00.05 to 00:00:10 is possible.";
        if (DropsEvery < TimeSpan.FromMilliseconds(100) || DropsEvery > TimeSpan.FromMinutes(5))
            yield return $"Orchestrator:Live:DropsEvery is {DropsEvery}: 00:00:00.1 to 00:05:00 is possible.";
        if (Heartbeat < TimeSpan.FromSeconds(1) || Heartbeat > TimeSpan.FromMinutes(5))
            yield return $"Orchestrator:Live:Heartbeat is {Heartbeat}: 00:00:01 to 00:05:00 is possible.";
        if (Waiting is < 10 or > 100_000)
            yield return $"Orchestrator:Live:Waiting is {Waiting}: 10 to 100000 is possible.";
        if (MostStreams is < 1 or > 100_000)
            yield return $"Orchestrator:Live:MostStreams is {MostStreams}: 1 to 100000 is possible.";
    }
}
