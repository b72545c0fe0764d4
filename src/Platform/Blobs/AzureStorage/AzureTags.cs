using Azure;

namespace VerSemi.Platform.Blobs.AzureStorage;

/// <summary>Listings give ETags without quotes, headers with them: ours are always without.</summary>
internal static class AzureTags
{
    public static string Of(ETag tag) => tag.ToString().Trim('"');

    public static ETag Of(string tag) => new($"\"{tag}\"");
}
