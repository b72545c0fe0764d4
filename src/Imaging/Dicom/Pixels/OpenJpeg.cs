using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Of the whole assembly: C libraries come from the system's folders alone.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>A codestream in memory, opened by openjp2 (openjpeg.h, 2.x).</summary>
internal sealed unsafe partial class OpenJpeg : IDisposable
{
    private const string Library = "libopenjp2.so.7";

    /// <summary>opj_dparameters_t has 8252 bytes in version 2.5.</summary>
    private const int ParameterBytes = 1 << 14;

    private const int Codestream = 0, Container = 2;

    private static readonly Lazy<bool> There = new(() => NativeLibrary.TryLoad(Library, out _));

    private readonly nint _stream, _codec;
    private readonly Source* _source;
    private Image* _image;

    public OpenJpeg(byte* bytes, int length)
    {
        _source = (Source*)NativeMemory.Alloc((nuint)sizeof(Source));
        *_source = new Source { Bytes = bytes, Length = length };
        _stream = StreamCreate(1 << 16, 1);
        SetRead(_stream, (nint)(delegate* unmanaged[Cdecl]<byte*, nuint, Source*, nuint>)&Read);
        SetSkip(_stream, (nint)(delegate* unmanaged[Cdecl]<long, Source*, long>)&Skip);
        SetSeek(_stream, (nint)(delegate* unmanaged[Cdecl]<long, Source*, int>)&Seek);
        SetUserData(_stream, (nint)_source, 0);
        SetUserDataLength(_stream, (ulong)length);
        _codec = CreateDecompress(length > 4 && bytes[0] == 0 ? Container : Codestream);
    }

    public static bool IsThere => There.Value;

    /// <summary>opj_image_t up to its components.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Image
    {
        public uint X0, Y0, X1, Y1, Components;
        public int ColorSpace;
        public Component* First;
    }

    /// <summary>opj_image_comp_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Component
    {
        public uint StepX, StepY, Width, Height, X0, Y0, Precision, BitsPerPixel, Signed, Resolutions, Factor;
        public int* Data;
        public ushort Alpha;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Source
    {
        public byte* Bytes;
        public long Length, Position;
    }

    /// <summary>Null where it cannot be read.</summary>
    public Image? ReadHeader()
    {
        var parameters = stackalloc byte[ParameterBytes];
        SetDefaults(parameters);
        Image* image = null;
        if (Setup(_codec, parameters) == 0 || ReadHeader(_stream, _codec, &image) == 0 || image == null)
            return null;
        _image = image;
        return *image;
    }

    /// <summary>The first component; null where the stream cannot be decoded. Valid until this is disposed.</summary>
    public Component? Decode() => Decode(_codec, _stream, _image) != 0 && EndDecompress(_codec, _stream) != 0 && _image->First != null ? *_image->First : null;

    public void Dispose()
    {
        if (_image != null)
            DestroyImage(_image);
        DestroyCodec(_codec);
        StreamDestroy(_stream);
        NativeMemory.Free(_source);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Read(byte* target, nuint count, Source* source)
    {
        var read = Math.Min((long)count, source->Length - source->Position);
        if (read <= 0)
            return nuint.MaxValue;
        NativeMemory.Copy(source->Bytes + source->Position, target, (nuint)read);
        source->Position += read;
        return (nuint)read;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Skip(long count, Source* source)
    {
        var to = Math.Clamp(source->Position + count, 0, source->Length);
        var moved = to - source->Position;
        source->Position = to;
        return moved == 0 && count != 0 ? -1 : moved;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Seek(long to, Source* source)
    {
        if (to < 0 || to > source->Length)
            return 0;
        source->Position = to;
        return 1;
    }

    [LibraryImport(Library, EntryPoint = "opj_stream_create")]
    private static partial nint StreamCreate(nuint bufferBytes, int isInput);

    [LibraryImport(Library, EntryPoint = "opj_stream_destroy")]
    private static partial void StreamDestroy(nint stream);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_read_function")]
    private static partial void SetRead(nint stream, nint function);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_skip_function")]
    private static partial void SetSkip(nint stream, nint function);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_seek_function")]
    private static partial void SetSeek(nint stream, nint function);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_user_data")]
    private static partial void SetUserData(nint stream, nint data, nint free);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_user_data_length")]
    private static partial void SetUserDataLength(nint stream, ulong length);

    [LibraryImport(Library, EntryPoint = "opj_create_decompress")]
    private static partial nint CreateDecompress(int format);

    [LibraryImport(Library, EntryPoint = "opj_destroy_codec")]
    private static partial void DestroyCodec(nint codec);

    [LibraryImport(Library, EntryPoint = "opj_set_default_decoder_parameters")]
    private static partial void SetDefaults(byte* parameters);

    [LibraryImport(Library, EntryPoint = "opj_setup_decoder")]
    private static partial int Setup(nint codec, byte* parameters);

    [LibraryImport(Library, EntryPoint = "opj_read_header")]
    private static partial int ReadHeader(nint stream, nint codec, Image** image);

    [LibraryImport(Library, EntryPoint = "opj_decode")]
    private static partial int Decode(nint codec, nint stream, Image* image);

    [LibraryImport(Library, EntryPoint = "opj_end_decompress")]
    private static partial int EndDecompress(nint codec, nint stream);

    [LibraryImport(Library, EntryPoint = "opj_image_destroy")]
    private static partial void DestroyImage(Image* image);
}
