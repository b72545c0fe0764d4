using System.Text.Json;

namespace VerSemi.DistributedKit;

/// <summary>Everything that waits made short, and a recipe of seconds: for tests about the way, not the figures.</summary>
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

    /// <summary>Writes a recipe that trains on 16³ images; 100 steps take about two seconds on one core.</summary>
    public static string WriteRecipe(string file, int steps = 6, int checkpointEvery = 2)
    {
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            name = "seconds",
            width = 4,
            patch = new[] { 16, 16, 16 },
            labelledBatch = 2,
            unlabelledBatch = 2,
            stage1Steps = steps,
            stage2Steps = steps,
            validateEvery = steps,
            checkpointEvery,
            overlap = 0,
        }));
        return file;
    }
}
