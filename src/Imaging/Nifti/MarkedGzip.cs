using System.IO.Compression;

namespace VerSemi.Imaging.Nifti;

/// <summary>
/// A gzip file followed by a gzip member of our own that holds one byte. GZipStream takes a file that is cut off inside
/// its last eight bytes (checksum and length) for whole; with the member behind it such a file fails its checksum, and
/// a whole one gives its content and then the marker.
/// </summary>
internal sealed class MarkedGzip(Stream file) : Stream
{
    public const int Marker = 'E';
    private static readonly byte[] Member = MakeMember();
    private int _given = -1;

    /// <summary>The reader asked for more than the file holds: everything up to its end was gzip.</summary>
    public bool IsReached => _given > 0;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var read = _given < 0 ? file.Read(buffer) : 0;
        if (read > 0 || buffer.IsEmpty)
            return read;
        _given = Math.Max(_given, 0);
        var count = Math.Min(buffer.Length, Member.Length - _given);
        Member.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte[] MakeMember()
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.WriteByte(Marker);
        return bytes.ToArray();
    }
}
