using System.Security.Cryptography;

namespace VerSemi.Platform.Blobs;

/// <summary>
/// Content that is hashed while it is read, from its beginning to its end. The last block is given out only once the hash is the expected
/// one: a reader that reaches the end has read what was written.
/// </summary>
internal sealed class VerifiedStream(Stream content, string path, string sha256) : Stream
{
    private const int BlockBytes = 1 << 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _block = new byte[BlockBytes];
    private byte[] _next = new byte[BlockBytes];
    private int _start, _end;
    private int _ahead = -1;
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => content.Length;
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !buffer.IsEmpty)
        {
            if (_ahead < 0)
                _ahead = Hashed(content.ReadAtLeast(_next, BlockBytes, throwOnEndOfStream: false));
            if (Turn())
                _ahead = Hashed(content.ReadAtLeast(_next, BlockBytes, throwOnEndOfStream: false));
            CheckAtEnd();
        }
        return Give(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end && !buffer.IsEmpty)
        {
            if (_ahead < 0)
                _ahead = Hashed(await content.ReadAtLeastAsync(_next, BlockBytes, throwOnEndOfStream: false, cancellationToken));
            if (Turn())
                _ahead = Hashed(await content.ReadAtLeastAsync(_next, BlockBytes, throwOnEndOfStream: false, cancellationToken));
            CheckAtEnd();
        }
        return Give(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Reads on to the end, for readers that stop earlier or gave up.</summary>
    /// <exception cref="DamagedBlobException">The content has another hash.</exception>
    public void ReadToEnd()
    {
        var rest = new byte[BlockBytes];
        while (Read(rest) > 0)
        {
        }
    }

    /// <summary>The block that was read ahead becomes the one that is given out.</summary>
    /// <returns>Whether a further one is to be read.</returns>
    private bool Turn()
    {
        (_block, _next) = (_next, _block);
        (_start, _end, _ahead) = (0, _ahead, 0);
        return _end == BlockBytes;
    }

    private int Hashed(int read)
    {
        _hash.AppendData(_next, 0, read);
        return read;
    }

    private void CheckAtEnd()
    {
        if (_ahead > 0)
            return;
        var actual = Convert.ToHexStringLower(_hash.GetCurrentHash());
        if (actual == sha256)
            return;
        _end = 0;
        throw new DamagedBlobException(path, sha256, actual);
    }

    private int Give(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _end - _start);
        _block.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        _position += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            content.Dispose();
        }
        base.Dispose(disposing);
    }
}
