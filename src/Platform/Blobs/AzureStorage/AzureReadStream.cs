namespace VerSemi.Platform.Blobs.AzureStorage;

/// <summary>
/// A blob from its begin to its end. The client goes on after a broken connection, bound to the same version of the
/// blob; what it cannot mend is an <see cref="IOException"/>.
/// </summary>
internal sealed class AzureReadStream(Stream content, long length, string container, string path) : Stream
{
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Counted(content.Read(buffer, offset, count));
        }
        catch (Exception e) when (Known(e, CancellationToken.None) is { } known)
        {
            throw known;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Counted(await content.ReadAsync(buffer, cancellationToken));
        }
        catch (Exception e) when (Known(e, cancellationToken) is { } known)
        {
            throw known;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }

    private int Counted(int read)
    {
        _position += read;
        return read;
    }

    private Exception? Known(Exception e, CancellationToken cancellation) =>
        AzureErrors.Translate(e, container, path, AzureRight.Read, cancellation) is BlobConflictException
            ? new IOException($"Blob '{path}' was changed while it was read. Read it again.")
            : AzureErrors.Translate(e, container, path, AzureRight.Read, cancellation);
}
