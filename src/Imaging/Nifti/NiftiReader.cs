using System.IO.Compression;

namespace VerSemi.Imaging.Nifti;

/// <summary>An open NIfTI file whose header is read and checked. Compression is told by the content, not by the name.</summary>
internal sealed class NiftiReader : IDisposable
{
    private const int ChunkVoxels = 1 << 15;
    private readonly string _file;
    private readonly Stream _bytes;
    private readonly bool _owns;
    private readonly MarkedGzip? _marked;
    private readonly Stream _stream;

    private NiftiReader(Stream bytes, string name, bool owns)
    {
        _file = name;
        (_bytes, _owns) = (bytes, owns);
        try
        {
            var (whole, compressed) = Begin(bytes);
            _marked = compressed ? new MarkedGzip(whole) : null;
            _stream = _marked is null ? whole : new GZipStream(_marked, CompressionMode.Decompress);
            Fields = Guarded(() => HeaderFields.Read(_stream, name));
            Layout = NiftiLayout.Of(Fields, name, _bytes.Length, compressed);
            Position = Fields.Size;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public HeaderFields Fields { get; }
    public NiftiLayout Layout { get; }

    /// <summary>Uncompressed bytes read so far.</summary>
    private long Position { get; set; }

    public static NiftiReader OpenFile(string path) => new(Open(path), path, owns: true);

    /// <param name="content">At its beginning; with a length. It stays open.</param>
    /// <param name="name">What messages call it.</param>
    public static NiftiReader Of(Stream content, string name) => new(content, name, owns: false);

    /// <summary>Turns a run of real values (scaling applied) into voxels.</summary>
    /// <param name="first">Index of the run's first voxel in the volume.</param>
    public delegate void Converter<T>(ReadOnlySpan<double> values, Span<T> voxels, int first);

    /// <summary>One volume; then reads on to the end, so that a damaged rest of the file is noticed as well.</summary>
    public T[] ReadVolume<T>(int channel, Converter<T> convert) => Guarded(() =>
    {
        Skip(Layout.DataOffset + channel * Layout.VolumeBytes - Position);
        var voxels = ReadVoxels(convert);
        Skip(Layout.FileBytes - Position);
        CheckEnd();
        return voxels;
    });

    public void Dispose()
    {
        if (_owns || _marked is not null)
            _stream?.Dispose();
        if (_owns)
            _bytes.Dispose();
    }

    /// <summary>Bytes behind a gzip that are no gzip (the marker is not reached then) are passed over, as gzip itself does.</summary>
    private void CheckEnd()
    {
        var next = _stream.ReadByte();
        if (next < 0 && _marked is { IsReached: true })
            throw EndsEarly();
        if (next == MarkedGzip.Marker && _marked is not null)
            next = _stream.ReadByte();
        if (next >= 0)
            throw new InvalidImageException(_file, $"goes on past the {Layout.FileBytes} bytes that its header declares.");
    }

    private T[] ReadVoxels<T>(Converter<T> convert)
    {
        var voxels = Allocate<T>();
        var raw = new byte[ChunkVoxels * Layout.Type.Bytes];
        var values = new double[ChunkVoxels];
        for (var first = 0; first < voxels.Length; first += ChunkVoxels)
        {
            var count = Math.Min(ChunkVoxels, voxels.Length - first);
            Read(raw.AsSpan(0, count * Layout.Type.Bytes));
            VoxelDecoder.Decode(Layout.Type, raw.AsSpan(0, count * Layout.Type.Bytes), Layout.Swapped, values);
            Scale(values.AsSpan(0, count));
            convert(values.AsSpan(0, count), voxels.AsSpan(first, count), first);
        }
        return voxels;
    }

    /// <summary>Untouched pages of a large array cost nothing: a file that holds less than it declares is refused before they are filled.</summary>
    private T[] Allocate<T>()
    {
        try
        {
            return GC.AllocateUninitializedArray<T>((int)Layout.Grid.Size.Count);
        }
        catch (OutOfMemoryException fault)
        {
            throw new InvalidImageException(_file, $"has {Layout.Grid.Size} voxels, more than this process may take memory for.", fault);
        }
    }

    private void Scale(Span<double> values)
    {
        if (Layout is { Slope: 1, Intercept: 0 })
            return;
        var (slope, intercept) = (Layout.Slope, Layout.Intercept);
        for (var i = 0; i < values.Length; i++)
            values[i] = values[i] * slope + intercept;
    }

    private void Skip(long bytes)
    {
        if (_stream.CanSeek)
        {
            _stream.Seek(bytes, SeekOrigin.Current);
            Position += bytes;
            return;
        }
        var rest = new byte[(int)Math.Min(bytes, 1 << 16)];
        for (; bytes > 0; bytes -= rest.Length)
            Read(rest.AsSpan(0, (int)Math.Min(bytes, rest.Length)));
    }

    private void Read(Span<byte> into)
    {
        var read = _stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        Position += read;
        if (read < into.Length)
            throw EndsEarly();
    }

    /// <summary>The marker was taken for content.</summary>
    private InvalidImageException EndsEarly() => new(_file, $"ends after {Position - 1} bytes; its header declares {Layout.FileBytes}.");

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidImageException(_file, $"its gzip data are damaged or cut off after {Position} bytes of content: {fault.Message}", fault);
        }
    }

    /// <summary>The same bytes from their beginning, and whether they are gzip.</summary>
    private static (Stream Whole, bool IsGzip) Begin(Stream bytes)
    {
        var start = new byte[2];
        var read = bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var gzip = read == 2 && start[0] == 0x1f && start[1] == 0x8b;
        if (!bytes.CanSeek)
            return (new ContinuedStream(start.AsMemory(0, read), bytes), gzip);
        bytes.Position = 0;
        return (bytes, gzip);
    }

    /// <summary>A file that is not there or not readable is a fault of the file; a failing disk is not, and stays an IOException.</summary>
    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidImageException(path, "does not exist.", fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new InvalidImageException(path, Directory.Exists(path) ? "is a folder; expected a .nii or .nii.gz file." : "may not be read: permission denied.", fault);
        }
    }
}
