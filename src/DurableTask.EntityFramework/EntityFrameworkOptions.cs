using Microsoft.Extensions.Options;

namespace DurableTask.EntityFramework;

/// <summary>How orchestrations and activities are executed. Checked when the host starts.</summary>
public sealed class EntityFrameworkOptions
{
    /// <summary>Turns executed at a time in this process. 1 to 1000.</summary>
    public int MaxConcurrentOrchestrations { get; set; } = 16;

    /// <summary>Activities executed at a time in this process. 1 to 1000.</summary>
    public int MaxConcurrentActivities { get; set; } = 16;

    /// <summary>
    /// PostgreSQL: after this time without renewal another process takes over. Renewed every 5 s (turns) or 5 to 30 s
    /// (activities) by DurableTask.Core. 15 s to 1 h.
    /// </summary>
    public TimeSpan LockDuration { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>PostgreSQL: between two queries for work of other processes, and for timers. 10 ms to 1 min.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A turn that throws this often in succession fails its instance. The same holds for an activity whose result cannot be
    /// saved. 1 to 100.
    /// </summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Pause after the first failed attempt; doubles with each up to <see cref="MaxRetryPause"/>. 1 ms to 1 h.</summary>
    public TimeSpan FirstRetryPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>At least <see cref="FirstRetryPause"/>, at most 1 day.</summary>
    public TimeSpan MaxRetryPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Completed instances are purged this long after their end; null: never. At least 1 min.</summary>
    public TimeSpan? Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Between two purges. 1 s to 1 day.</summary>
    public TimeSpan PurgeInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The pause before the next attempt.</summary>
    /// <param name="failures">1 or more.</param>
    internal TimeSpan PauseAfter(int failures)
    {
        var pause = FirstRetryPause * Math.Pow(2, Math.Min(failures - 1, 30));
        return pause < MaxRetryPause ? pause : MaxRetryPause;
    }
}

/// <summary>Reports every invalid option at once.</summary>
internal sealed class EntityFrameworkOptionsValidator : IValidateOptions<EntityFrameworkOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, EntityFrameworkOptions options)
    {
        var errors = Errors(options).OfType<string>().ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string?> Errors(EntityFrameworkOptions o)
    {
        yield return Outside(nameof(o.MaxConcurrentOrchestrations), o.MaxConcurrentOrchestrations, 1, 1000);
        yield return Outside(nameof(o.MaxConcurrentActivities), o.MaxConcurrentActivities, 1, 1000);
        yield return Outside(nameof(o.MaxAttempts), o.MaxAttempts, 1, 100);
        yield return Outside(nameof(o.LockDuration), o.LockDuration, TimeSpan.FromSeconds(15), TimeSpan.FromHours(1));
        yield return Outside(nameof(o.PollInterval), o.PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        yield return Outside(nameof(o.FirstRetryPause), o.FirstRetryPause, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        yield return Outside(nameof(o.MaxRetryPause), o.MaxRetryPause, o.FirstRetryPause, Day);
        yield return Outside(nameof(o.Retention), o.Retention ?? TimeSpan.MaxValue, TimeSpan.FromMinutes(1), TimeSpan.MaxValue);
        yield return Outside(nameof(o.PurgeInterval), o.PurgeInterval, TimeSpan.FromSeconds(1), Day);
    }

    private static string? Outside<T>(string option, T value, T least, T most) where T : IComparable<T> =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? null
            : $"{nameof(EntityFrameworkOptions)}.{option} is {value}; it must be between {least} and {most}.";
}
