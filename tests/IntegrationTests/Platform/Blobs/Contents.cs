using VerSemi.Platform.Blobs;

namespace VerSemi.IntegrationTests.Platform.Blobs;

/// <summary>Content for blobs, and streams that misbehave while it is read.</summary>
internal static class Contents
{
    public static byte[] Random(int bytes, int seed = 1)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return content;
    }

    public static async Task<byte[]> ReadAsync(this IBlobStore store, string path, CancellationToken cancellation)
    {
        await using var stream = await store.OpenReadAsync(path, cancellation);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, cancellation);
        return all.ToArray();
    }

    public static async Task<string> ReadTextAsync(this IBlobStore store, string path, CancellationToken cancellation) =>
        System.Text.Encoding.UTF8.GetString(await store.ReadAsync(path, cancellation));

    public static Task<BlobEntry> WriteBytesAsync(this IBlobStore store, string path, byte[] content, CancellationToken cancellation) =>
        store.WriteAsync(path, new MemoryStream(content), cancellation: cancellation);
}

/// <summary>Comes in pieces, cannot seek, and does at the end what it is told to do.</summary>
internal sealed class PiecewiseStream(byte[] content, int piece, Action? atEnd = null) : Stream
{
    private int _position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Math.Min(Math.Min(piece, count), content.Length - _position);
        if (read == 0 && count > 0)
            atEnd?.Invoke();
        Array.Copy(content, _position, buffer, offset, read);
        _position += read;
        return read;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
