namespace VerSemi.Platform.Hosting;

/// <summary>Where a service process listens. Section "Service".</summary>
public sealed class ServiceOptions
{
    /// <summary>What the service offers to people and other systems; empty where it offers nothing. Loopback only, but for a service that authenticates. https takes its certificate from the section "Kestrel".</summary>
    public string Url { get; set; } = "";

    /// <summary>Probes: /healthz/live and /healthz/ready; for Prometheus: /metrics. Empty: none.</summary>
    public string ManagementUrl { get; set; } = "";

    /// <summary>How long a stop may take: within it a training writes its checkpoint and hands its run back. At most 25 s fit into Kubernetes' 30.</summary>
    public TimeSpan TimeToStop { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a server (database, broker, store) may refuse this service at the start, as one that is still starting does, before the start fails. 0 or more.</summary>
    public TimeSpan RefusedFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>"json", for machines, or "simple".</summary>
    public string LogFormat { get; set; } = "json";

    internal Uri? Offered => Url.Length == 0 ? null : new Uri(Url);
    internal Uri? Management => ManagementUrl.Length == 0 ? null : new Uri(ManagementUrl);

    /// <param name="authenticates">Whether the service asks its callers who they are; null: it cannot.</param>
    public IEnumerable<string> Errors(bool? authenticates = null)
    {
        foreach (var (setting, url) in new[] { ("Url", Url), ("ManagementUrl", ManagementUrl) })
            if (url.Length > 0 && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
                yield return $"Service:{setting} is '{url}': an address like http://127.0.0.1:5080 is possible.";
            else if (setting == "Url" && url.Length > 0 && !new Uri(url).IsLoopback && authenticates is not true)
                yield return $"Service:Url is '{url}': without authentication only a loopback address is possible, e.g. http://127.0.0.1:{new Uri(url).Port}."
                    + (authenticates is null ? "" : " Set Access:Tokens, Access:OpenIdConnect or Access:Jwt (Ingest: Hints:HookSecret), so that it is known who asks.");
        if (Url.Length > 0 && ManagementUrl.Length > 0 && Offered?.Port == Management?.Port)
            yield return $"Service:Url and Service:ManagementUrl have the same port: '{Url}' and '{ManagementUrl}'.";
        if (TimeToStop < TimeSpan.FromSeconds(1))
            yield return $"Service:TimeToStop is {TimeToStop}: at least one second is possible.";
        if (RefusedFor < TimeSpan.Zero)
            yield return $"Service:RefusedFor is {RefusedFor}: it must not be negative.";
        if (LogFormat is not ("json" or "simple"))
            yield return $"Service:LogFormat is '{LogFormat}': 'json' or 'simple' is possible.";
    }
}
