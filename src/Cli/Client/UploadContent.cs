using System.Net;

namespace VerSemi.Cli.Client;

/// <summary>A file as the body of a request, streamed.</summary>
/// <param name="sent">Told how many bytes went since the last call.</param>
internal sealed class UploadContent(string file, long bytes, Action<long> sent) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = File.OpenRead(file);
        var buffer = new byte[1 << 17];
        while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            sent(read);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }
}
