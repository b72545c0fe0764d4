using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VerSemi.Platform.Blobs;

namespace VerSemi.IntegrationTests.Platform.Blobs;

public sealed class BlobOptionsTests
{
    private const string Secret = "c2VjcmV0c2VjcmV0";

    private static BlobOptions Azure => new() { Store = BlobOptions.AzureStore };

    [Fact]
    public void The_folder_store_needs_only_its_folder()
    {
        Assert.Empty(new BlobOptions { Folder = "/data" }.Errors());
        Assert.Contains("Blobs:Folder is empty", Assert.Single(new BlobOptions().Errors()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ServiceUri", "https://account.blob.core.windows.net")]
    [InlineData("ConnectionString", "UseDevelopmentStorage=true")]
    [InlineData("ConnectionString", "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=" + Secret + ";EndpointSuffix=core.windows.net")]
    [InlineData("SasUri", "https://account.blob.core.windows.net/versemi?sv=2024-11-04&sp=racwdl&sig=" + Secret)]
    public void Each_way_into_Azure_is_enough(string setting, string value)
    {
        var options = Azure;
        typeof(BlobOptions).GetProperty(setting)!.SetValue(options, value);
        Assert.Empty(options.Errors());
    }

    [Fact]
    public void All_faults_are_told_at_once_and_no_secret()
    {
        var options = Azure;
        options.ConnectionString = $"AccountName=account;AccountKey={Secret}==;;=";
        options.SasUri = $"https://account.blob.core.windows.net/?sig={Secret}";
        options.ServiceUri = $"http://account.blob.core.windows.net?sig={Secret}";
        options.Container = "Ver_Semi";
        options.CacheMiB = 0;
        options.ParallelTransfers = 100;
        options.LeaseSeconds = 5;
        options.NetworkTimeout = TimeSpan.Zero;
        var thrown = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddBlobStore(options));
        foreach (var part in new[] { "give one of", "ServiceUri", "ConnectionString", "SasUri", "Container is 'Ver_Semi'", "CacheMiB is 0", "ParallelTransfers is 100", "LeaseSeconds is 5", "NetworkTimeout is 00:00:00" })
            Assert.Contains(thrown.Failures, failure => failure.Contains(part, StringComparison.Ordinal));
        Assert.Equal(9, thrown.Failures.Count());
        Assert.DoesNotContain(Secret, thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_store_and_none_of_the_ways_in_are_faults()
    {
        Assert.Contains("'s3'", Assert.Single(new BlobOptions { Store = "s3" }.Errors()), StringComparison.Ordinal);
        Assert.Contains("no way in is given", Assert.Single(Azure.Errors()), StringComparison.Ordinal);
    }
}
