namespace VerSemi.DistributedKit;

/// <summary>Everything that waits made short: for tests about the way, not the figures.</summary>
public static class QuickSettings
{
    public static Dictionary<string, string> With(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Ingest:SweepInterval"] = "00:00:00.3",
            ["Ingest:SettlePeriod"] = "00:00:00",
            ["Ingest:RetryAfter"] = "00:00:01",
            ["Orchestrator:SweepInterval"] = "00:00:00.3",
            ["Orchestrator:QuietWindow"] = "00:00:01",
            ["Orchestrator:RetryPause"] = "00:00:01",
            ["Orchestrator:Heartbeat"] = "00:00:01",
            ["Orchestrator:Lease"] = "00:00:06",
            ["Orchestrator:Promotion:Floor"] = "0",
            ["Orchestrator:Promotion:Margin"] = "1",
            ["Orchestrator:Promotion:MinimumCases"] = "2",
        };
        foreach (var (name, value) in more)
            settings[name] = value;
        return settings;
    }
}
