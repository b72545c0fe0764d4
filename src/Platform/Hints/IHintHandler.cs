namespace VerSemi.Platform.Hints;

/// <summary>Takes what the hint queue brings. Idempotent: a message may come twice, late or never.</summary>
public interface IHintHandler
{
    /// <exception cref="InvalidDataException">The message cannot be understood, and will not be at another try.</exception>
    Task HandleAsync(string body, CancellationToken cancellation);
}
