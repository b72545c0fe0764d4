using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using VerSemi.Platform.Files;

namespace VerSemi.Platform.Blobs;

/// <summary>Where the blobs are. Section "Blobs". Addresses are strings: a failed conversion would print the secret in them.</summary>
public sealed partial class BlobOptions
{
    public const string Section = "Blobs";
    public const string FolderStore = "folder";
    public const string AzureStore = "azure";

    /// <summary>"folder" or "azure".</summary>
    public string Store { get; set; } = FolderStore;

    /// <summary>Path of the folder store.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Azure with an identity, e.g. https://account.blob.core.windows.net: that of the pod or machine, or a developer's own.</summary>
    public string ServiceUri { get; set; } = "";

    /// <summary>Client id of the user-assigned or workload identity; empty: the default one. Only with ServiceUri.</summary>
    public string ManagedIdentityClientId { get; set; } = "";

    /// <summary>Azure with an account key. Secret.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Azure with the SAS of a container (read, add, create, write, delete, list); it names the container. Secret.</summary>
    public string SasUri { get; set; } = "";

    public string Container { get; set; } = "versemi";

    /// <summary>Whether a missing container is made. Default: only with a connection string.</summary>
    public bool? CreateContainer { get; set; }

    /// <summary>Local copies of blobs, shared by the processes of this machine.</summary>
    public string CacheFolder { get; set; } = Path.Combine(Path.GetTempPath(), "versemi-blobs");

    /// <summary>Most that the local copies take, in MiB.</summary>
    public int CacheMiB { get; set; } = 20480;

    /// <summary>A copy that was asked for is kept for so long even where the bound is passed: its reader opens it by name.</summary>
    public TimeSpan CachePin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Blocks of one blob under way at a time. Memory: so many blocks for each upload and download.</summary>
    public int ParallelTransfers { get; set; } = 4;
    public int BlockMiB { get; set; } = 8;

    /// <summary>What is left of a lease, in seconds, when its holder dies: 15 to 60.</summary>
    public int LeaseSeconds { get; set; } = 60;

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>One try of one request, and a pause between two bytes of an answer.</summary>
    public TimeSpan NetworkTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Further tries of a request; the pause before them doubles from RetryDelay.</summary>
    public int Retries { get; set; } = 4;
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    internal long CacheBytes => (long)CacheMiB << 20;
    internal int BlockBytes => BlockMiB << 20;
    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    /// <summary>All faults at once; no secret is in them.</summary>
    public IReadOnlyList<string> Errors() => Store switch
    {
        FolderStore => [.. OfFolder()],
        AzureStore => [.. OfAccess(), .. OfAzure()],
        _ => [$"Blobs:Store is '{Store}': '{FolderStore}' or '{AzureStore}' is possible."],
    };

    private IEnumerable<string> OfFolder()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            yield return "Blobs:Folder is empty: name the folder that holds the blobs, or set Blobs:Store to 'azure'.";
        else
            foreach (var fault in PrivateFiles.Faults(Folder))
                yield return $"Blobs:Folder: {fault}";
    }

    private IEnumerable<string> OfAccess()
    {
        var given = new[] { (nameof(ServiceUri), ServiceUri), (nameof(ConnectionString), ConnectionString), (nameof(SasUri), SasUri) }
            .Where(way => way.Item2.Length > 0).Select(way => way.Item1).ToList();
        if (given.Count != 1)
            yield return $"Blobs:Store is 'azure' and {(given.Count == 0 ? "no way in is given" : string.Join(" and ", given) + " are given")}: give one of ServiceUri, ConnectionString and SasUri.";
        if (ServiceUri.Length > 0 && !(Uri.TryCreate(ServiceUri, UriKind.Absolute, out var service) && service is { Scheme: "https", Query: "" }))
            yield return "Blobs:ServiceUri is not an https address without a query, such as https://account.blob.core.windows.net (a SAS belongs into Blobs:SasUri).";
        if (ManagedIdentityClientId.Length > 0 && !Guid.TryParse(ManagedIdentityClientId, out _))
            yield return $"Blobs:ManagedIdentityClientId is '{ManagedIdentityClientId}': the client id of an identity is a GUID.";
        if (ConnectionString.Length > 0 && !IsConnectionString())
            yield return "Blobs:ConnectionString cannot be read: copy it again from the storage account's access keys (it is not shown here).";
        if (SasUri.Length > 0 && !IsContainerSas())
            yield return "Blobs:SasUri is not the address of a container with a signature ('…/container?…&sig=…'): make one for the container (it is not shown here).";
    }

    private IEnumerable<string> OfAzure()
    {
        if (!ContainerName().IsMatch(Container))
            yield return $"Blobs:Container is '{Container}': 3 to 63 lower case letters, digits and single '-' are possible.";
        if (string.IsNullOrWhiteSpace(CacheFolder))
            yield return "Blobs:CacheFolder is empty: name a folder for local copies.";
        else
            foreach (var fault in PrivateFiles.ScratchFaults(CacheFolder))
                yield return $"Blobs:CacheFolder: {fault}";
        foreach (var (setting, value, least, most) in new[]
        {
            (nameof(CacheMiB), CacheMiB, 1, int.MaxValue), (nameof(ParallelTransfers), ParallelTransfers, 1, 64), (nameof(BlockMiB), BlockMiB, 1, 256),
            (nameof(LeaseSeconds), LeaseSeconds, 15, 60), (nameof(Retries), Retries, 0, 20),
        })
            if (value < least || value > most)
                yield return $"Blobs:{setting} is {value}: {least} to {most} is possible.";
        foreach (var (setting, span) in new[] { (nameof(ConnectTimeout), ConnectTimeout), (nameof(NetworkTimeout), NetworkTimeout), (nameof(RetryDelay), RetryDelay) })
            if (span <= TimeSpan.Zero || span > TimeSpan.FromHours(1))
                yield return $"Blobs:{setting} is {span}: above zero and at most an hour is possible.";
        if (CachePin < TimeSpan.Zero)
            yield return $"Blobs:CachePin is {CachePin}: it must not be negative.";
    }

    private bool IsConnectionString()
    {
        try
        {
            return new BlobServiceClient(ConnectionString).AccountName.Length > 0;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private bool IsContainerSas() =>
        Uri.TryCreate(SasUri, UriKind.Absolute, out var sas) && sas.Scheme is "https" or "http" && sas.Query.Contains("sig=", StringComparison.Ordinal)
        && new BlobUriBuilder(sas) is { BlobContainerName.Length: > 0, BlobName: "" };

    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex ContainerName();
}
