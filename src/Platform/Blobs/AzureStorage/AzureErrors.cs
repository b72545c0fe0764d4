using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace VerSemi.Platform.Blobs.AzureStorage;

/// <summary>What a request needs to be allowed to do.</summary>
internal enum AzureRight
{
    List,
    Read,
    Write,
    Delete,
}

/// <summary>
/// Azure's errors in the words of <see cref="IBlobStore"/>. Of an answer only status and code are passed on: its text
/// may repeat what the request was signed with.
/// </summary>
internal static class AzureErrors
{
    /// <summary>Null for what is none of Azure's, and for a cancellation that the caller wanted.</summary>
    public static Exception? Translate(Exception error, string container, string path, AzureRight right, CancellationToken cancellation) => error switch
    {
        RequestFailedException { Status: > 0 } answer => OfAnswer(answer, container, path, right),
        OperationCanceledException when cancellation.IsCancellationRequested => null,
        AggregateException tries when tries.InnerExceptions.OfType<RequestFailedException>().LastOrDefault() is { Status: > 0 } last => OfAnswer(last, container, path, right),
        AuthenticationFailedException => new IOException($"No token for {container}: {FirstLine(error)} Give this machine an identity, or use Blobs:ConnectionString or Blobs:SasUri.", error),
        RequestFailedException or AggregateException or OperationCanceledException or HttpRequestException or (IOException and not BlobNotFoundException) =>
            new IOException($"{container} did not answer about '{path}': {FirstLine(error)} Look whether it can be reached; a later try may succeed.", error),
        _ => null,
    };

    private static Exception OfAnswer(RequestFailedException answer, string container, string path, AzureRight right)
    {
        if (answer.ErrorCode == BlobErrorCode.ContainerNotFound)
            return new IOException($"There is no container {container}. Make it, or set Blobs:CreateContainer.");
        if (answer.ErrorCode == BlobErrorCode.ContainerBeingDeleted)
            return new IOException($"The container {container} is being deleted. Try again in a minute.");
        return answer.Status switch
        {
            401 or 403 => Forbidden(answer, container, path, right),
            404 => new BlobNotFoundException(path),
            409 or 412 => new BlobConflictException(path),
            // Another write of this blob was committed, which drops the blocks of all others.
            400 when answer.ErrorCode == BlobErrorCode.InvalidBlockList => new BlobConflictException(path),
            408 or 429 or >= 500 => new IOException($"{container} answered {Words(answer)} about '{path}'. A later try may succeed."),
            _ => new InvalidOperationException($"{container} refused the request about '{path}': {Words(answer)}."),
        };
    }

    private static UnauthorizedAccessException Forbidden(RequestFailedException answer, string container, string path, AzureRight right)
    {
        var (what, letters) = right switch
        {
            AzureRight.List => ("list blobs", "l"),
            AzureRight.Read => ("read blobs", "r"),
            AzureRight.Write => ("write blobs", "cw"),
            _ => ("delete blobs", "d"),
        };
        return new UnauthorizedAccessException(
            $"No right to {what} in the container {container} ({Words(answer)}, for '{path}'). Give the identity the role 'Storage Blob Data Contributor', a SAS the permission '{letters}' and a time that has not passed, or check the account key and the account's network rules.");
    }

    private static string Words(RequestFailedException answer) => $"{answer.Status} {answer.ErrorCode ?? "without a code"}";

    private static string FirstLine(Exception error) =>
        (error is AggregateException { InnerExceptions: [.., var last] } ? last : error).Message.Split('\n')[0].TrimEnd('\r', '.') + ".";
}
