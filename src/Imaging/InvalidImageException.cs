using VerSemi.Domain;

namespace VerSemi.Imaging;

/// <summary>An image file that cannot be used. The message names the file, the value that is wrong and what was expected.</summary>
public sealed class InvalidImageException(string file, string reason, Exception? cause = null) : DomainException($"{file}: {reason}", cause)
{
    public string File => file;
    public string Reason => reason;
}
