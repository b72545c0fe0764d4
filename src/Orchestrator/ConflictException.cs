using VerSemi.Domain;

namespace VerSemi.Orchestrator;

/// <summary>The state of things forbids it, or changed meanwhile: 409.</summary>
public sealed class ConflictException(string message, Exception? cause = null) : DomainException(message, cause);

/// <summary>There is nothing of that name: 404.</summary>
public sealed class UnknownNameException(string message) : DomainException(message);
