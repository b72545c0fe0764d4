using VerSemi.Domain;

namespace VerSemi.Orchestrator;

/// <summary>The state of things forbids it, or changed meanwhile: 409.</summary>
public sealed class ConflictException(string message, Exception? cause = null) : DomainException(message, cause);

/// <summary>It was there, and was erased for good: 410.</summary>
public sealed class GoneException(string message) : DomainException(message);

/// <summary>More than is taken at once: 429.</summary>
public sealed class TooManyException(string message) : DomainException(message);

/// <summary>413.</summary>
public sealed class TooLargeException(string message) : DomainException(message);

/// <summary>There is nothing of that name: 404.</summary>
public sealed class UnknownNameException(string message) : DomainException(message);
