using DurableTask.EntityFramework.Rows;

namespace DurableTask.EntityFramework.Queues;

/// <param name="Row">Not tracked. Its owner identifies the claim.</param>
/// <param name="DueBefore">Messages that are due by this time belong to the turn; by the clock that the claim went by.</param>
internal sealed record InstanceClaim(InstanceRow Row, DateTime DueBefore);

/// <summary>Hands out instances with due messages and activities without a result: each to one caller at a time.</summary>
internal interface IWorkQueue
{
    /// <summary>The engine takes one writer at a time.</summary>
    bool HasOneWriter { get; }

    /// <summary>How long a waiting client may rely on <see cref="ChangeAsync"/> alone.</summary>
    TimeSpan ChangesWithin { get; }

    /// <summary>When a claim made now must have been renewed, by this process's clock. The maximum value: never.</summary>
    DateTime LockedUntil { get; }

    Task StartAsync();

    /// <exception cref="OperationCanceledException"/>
    Task<InstanceClaim> NextInstanceAsync(CancellationToken cancellation);

    /// <exception cref="OperationCanceledException"/>
    Task<ActivityRow> NextActivityAsync(CancellationToken cancellation);

    Task RenewInstanceAsync(string id, string? owner);
    Task RenewActivityAsync(long id, string? owner);

    /// <summary>Releases work that was not saved; it cannot be claimed again before the pause has passed.</summary>
    Task ReleaseInstanceAsync(string id, string? owner, TimeSpan pause);

    /// <inheritdoc cref="ReleaseInstanceAsync"/>
    Task ReleaseActivityAsync(ActivityRow row, string? owner, TimeSpan pause);

    /// <summary>The instance's turn was saved, and with it the end of its claim.</summary>
    void InstanceDone(string id);
    void ActivityDone(long id);

    /// <summary>This process saved new messages and activities, and changed these instances.</summary>
    void Saved(IReadOnlyList<MessageRow> messages, IReadOnlyList<ActivityRow> activities, IReadOnlyList<string> instances);

    /// <summary>Completes when this process changes the instance; called before its state is read.</summary>
    Task ChangeAsync(string instance);
}
