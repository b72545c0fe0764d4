namespace VerSemi.Domain;

/// <summary>
/// Something a person can mend: the message names the thing, the value and the next step. The CLI prints it without a
/// stack trace; the API answers it as problem details.
/// </summary>
public class DomainException(string message, Exception? cause = null) : Exception(message, cause);
