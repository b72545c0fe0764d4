namespace VerSemi.Orchestrator.Notifications;

/// <summary>Where what happened is told, signed as in the Standard Webhooks specification: Orchestrator:Webhook. No URL: nowhere.</summary>
public sealed class WebhookOptions
{
    private const string SecretPrefix = "whsec_";
    private const int LeastSecret = 24;

    /// <summary>https://…, or http:// on this machine.</summary>
    public string Url { get; set; } = "";

    /// <summary>"whsec_" and at least 24 random bytes in base64; the receiver has the same.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Words of <see cref="WebhookEvents"/>; empty: all.</summary>
    public List<string> Events { get; } = [];

    /// <summary>The receiver answers within this, or it is tried again; above zero, at most two minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Pause before the second try; doubles each time, at most one hour, give or take a quarter.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is not taken within this is given up; above zero.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    internal bool IsConfigured => Url.Length > 0;

    internal bool Tells(string what) => IsConfigured && (Events.Count == 0 || Events.Contains(what));

    internal byte[] Key => TryKey() ?? throw new InvalidOperationException("The webhook's secret was not validated.");

    internal IEnumerable<string> Errors()
    {
        if (!IsConfigured)
            yield break;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            yield return $"Orchestrator:Webhook:Url is '{Url}': give an https:// address; http:// only on this machine.";
        if (TryKey() is null)
            yield return $"Orchestrator:Webhook:Secret must be '{SecretPrefix}' and at least {LeastSecret} bytes in base64. Make one: echo {SecretPrefix}$(head -c 32 /dev/urandom | base64)";
        foreach (var unknown in Events.Except(WebhookEvents.All))
            yield return $"Orchestrator:Webhook:Events has '{unknown}': there is {string.Join(", ", WebhookEvents.All)}.";
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(2))
            yield return $"Orchestrator:Webhook:Timeout is {Timeout}: it must be above zero and at most 00:02:00.";
        foreach (var (setting, span) in new[] { ("RetryPause", RetryPause), ("GiveUpAfter", GiveUpAfter) })
            if (span <= TimeSpan.Zero)
                yield return $"Orchestrator:Webhook:{setting} is {span}: it must be above zero.";
    }

    private byte[]? TryKey()
    {
        var buffer = new byte[Secret.Length];
        return Secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(Secret[SecretPrefix.Length..], buffer, out var length) && length >= LeastSecret
            ? buffer[..length]
            : null;
    }
}

/// <summary>What is told.</summary>
public static class WebhookEvents
{
    /// <summary>A drop was looked at to the end; its report lies beside it.</summary>
    public const string ReportReady = "report.ready";

    /// <summary>A candidate waits for a person.</summary>
    public const string ApprovalNeeded = "approval.needed";
    public const string CyclePromoted = "cycle.promoted";
    public const string CycleRejected = "cycle.rejected";
    public const string CycleFailed = "cycle.failed";

    public static IReadOnlyList<string> All { get; } = [ReportReady, ApprovalNeeded, CyclePromoted, CycleRejected, CycleFailed];
}
