using System.Text.RegularExpressions;
using Azure.Storage.Queues;

namespace VerSemi.Platform.Hints;

/// <summary>An Azure Storage queue that tells of changes. Section "Hints". Addresses are strings: a failed conversion would print the secret in them.</summary>
public sealed partial class HintQueueOptions
{
    public const string Section = "Hints";

    /// <summary>Empty: no queue is read.</summary>
    public string QueueName { get; set; } = "";

    /// <summary>With an account key or a SAS. Secret.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>With an identity, e.g. https://account.queue.core.windows.net: that of the pod or machine, or a developer's own.</summary>
    public string ServiceUri { get; set; } = "";

    /// <summary>Client id of the user-assigned or workload identity; empty: the default one. Only with ServiceUri.</summary>
    public string ManagedIdentityClientId { get; set; } = "";

    /// <summary>A message that could not be handled so often goes to the poison queue.</summary>
    public int MaxDequeue { get; set; } = 5;

    /// <summary>Default: the queue's name and "-poison".</summary>
    public string PoisonQueue { get; set; } = "";

    /// <summary>Between two looks at an empty queue; the pause doubles up to PollAtMost while it stays empty.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(0.5);
    public TimeSpan PollAtMost { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After this a message that was taken and not finished is there again.</summary>
    public TimeSpan Visibility { get; set; } = TimeSpan.FromSeconds(30);

    internal string Poison => PoisonQueue.Length > 0 ? PoisonQueue : $"{QueueName}-poison";

    /// <summary>All faults at once; no secret is in them.</summary>
    public IReadOnlyList<string> Errors() => QueueName.Length == 0 ? [] : [.. OfNames(), .. OfAccess(), .. OfTimes()];

    private IEnumerable<string> OfNames()
    {
        foreach (var (setting, name) in new[] { (nameof(QueueName), QueueName), (nameof(PoisonQueue), Poison) })
            if (!Name().IsMatch(name))
                yield return $"Hints:{setting} is '{name}': 3 to 63 lower case letters, digits and single '-' are possible.";
        if (Poison == QueueName)
            yield return $"Hints:PoisonQueue is '{Poison}', the queue itself: name another.";
    }

    private IEnumerable<string> OfAccess()
    {
        if (ConnectionString.Length > 0 == ServiceUri.Length > 0)
            yield return $"Hints:QueueName is '{QueueName}' and {(ServiceUri.Length > 0 ? "two ways in are" : "no way in is")} given: give one of ConnectionString and ServiceUri.";
        if (ConnectionString.Length > 0 && !IsConnectionString())
            yield return "Hints:ConnectionString cannot be read: copy it again from the storage account's access keys (it is not shown here).";
        if (ServiceUri.Length > 0 && !(Uri.TryCreate(ServiceUri, UriKind.Absolute, out var service) && service is { Scheme: "https", Query: "" }))
            yield return "Hints:ServiceUri is not an https address without a query, such as https://account.queue.core.windows.net.";
        if (ManagedIdentityClientId.Length > 0 && !Guid.TryParse(ManagedIdentityClientId, out _))
            yield return $"Hints:ManagedIdentityClientId is '{ManagedIdentityClientId}': the client id of an identity is a GUID.";
    }

    private IEnumerable<string> OfTimes()
    {
        if (MaxDequeue is < 1 or > 1000)
            yield return $"Hints:MaxDequeue is {MaxDequeue}: 1 to 1000 is possible.";
        if (PollInterval <= TimeSpan.Zero || PollInterval > TimeSpan.FromHours(1))
            yield return $"Hints:PollInterval is {PollInterval}: above zero and at most an hour is possible.";
        if (PollAtMost < PollInterval || PollAtMost > TimeSpan.FromHours(1))
            yield return $"Hints:PollAtMost is {PollAtMost}: PollInterval, {PollInterval}, to an hour is possible.";
        if (Visibility < TimeSpan.FromSeconds(1) || Visibility > TimeSpan.FromDays(7))
            yield return $"Hints:Visibility is {Visibility}: one second to 7 days is possible.";
    }

    private bool IsConnectionString()
    {
        try
        {
            return new QueueServiceClient(ConnectionString).AccountName.Length > 0;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Name();
}
