namespace VerSemi.Platform.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Check">What was looked at, such as "queue training".</param>
/// <param name="Found">What is there, or what is wrong.</param>
/// <param name="Mend">What to do about it; null where all is well.</param>
public sealed record Finding(string Check, string Found, string? Mend = null)
{
    public bool IsWell => Mend is null;
}

/// <summary>Looks at something that a service needs, as the service itself would use it, and leaves it as it was.</summary>
public interface ICheck
{
    /// <summary>For the case that it throws, or does not come back.</summary>
    string Name { get; }

    /// <summary>What to do where it throws or does not come back.</summary>
    string Mend { get; }

    IAsyncEnumerable<Finding> LookAsync(CancellationToken cancellation);
}
