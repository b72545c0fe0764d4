using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace VerSemi.Imaging.Dicom.Writing;

/// <summary>UIDs of what is written here: "2.25." and 128 bits as a decimal number (PS3.5 annex B.2), made of content, so that the same result has the same UID.</summary>
internal static class DicomUid
{
    public static readonly string Implementation = Of("versemi", "implementation");

    public static string Of(params IEnumerable<string> content)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', content)))[..16];
        // As a version 8 UUID (RFC 9562 section 5.8): what the standard derives the number from.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return $"2.25.{new BigInteger(hash, isUnsigned: true, isBigEndian: true)}";
    }
}
