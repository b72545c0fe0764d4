namespace VerSemi.Imaging.Nifti;

/// <summary>A voxel type that can be read. Codes and names: nifti1.h, DT_… and NIFTI_TYPE_….</summary>
internal sealed record NiftiDataType(int Code, string Name, int Bytes)
{
    public static readonly NiftiDataType UInt8 = new(2, "uint8", 1);
    public static readonly NiftiDataType Int16 = new(4, "int16", 2);
    public static readonly NiftiDataType Int32 = new(8, "int32", 4);
    public static readonly NiftiDataType Float32 = new(16, "float32", 4);
    public static readonly NiftiDataType Float64 = new(64, "float64", 8);
    public static readonly NiftiDataType Int8 = new(256, "int8", 1);
    public static readonly NiftiDataType UInt16 = new(512, "uint16", 2);
    public static readonly NiftiDataType UInt32 = new(768, "uint32", 4);
    public static readonly NiftiDataType Int64 = new(1024, "int64", 8);
    public static readonly NiftiDataType UInt64 = new(1280, "uint64", 8);

    private static readonly Dictionary<int, NiftiDataType> Readable =
        new[] { UInt8, Int16, Int32, Float32, Float64, Int8, UInt16, UInt32, Int64, UInt64 }.ToDictionary(type => type.Code);

    // float128 has no single layout in the wild: writers on x86 store 80-bit numbers in its 16 bytes. A guess would be worse than a refusal.
    private static readonly Dictionary<int, string> Refused = new()
    {
        [0] = "unknown",
        [1] = "binary (1 bit)",
        [32] = "complex64",
        [128] = "RGB24",
        [1536] = "float128",
        [1792] = "complex128",
        [2048] = "complex256",
        [2304] = "RGBA32",
    };

    public static NiftiDataType Of(int code, string file) => Readable.TryGetValue(code, out var type)
        ? type
        : throw new InvalidImageException(file,
            $"voxels are of datatype {code}, {Refused.GetValueOrDefault(code, "which NIfTI does not know")}; expected one real number a voxel: {string.Join(", ", Readable.Values.Select(t => t.Name))}.");
}
