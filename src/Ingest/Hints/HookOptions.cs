using Microsoft.Extensions.Options;

namespace VerSemi.Ingest.Hints;

/// <summary>What is told of changes in the blob store, and by whom. Section "Hints", beside that of the queue.</summary>
public sealed class HookOptions
{
    public const string Section = "Hints";
    public const int ShortestSecret = 16;

    /// <summary>The container whose events count: that of the blob store.</summary>
    public string Container { get; set; } = "versemi";

    /// <summary>What a caller of the webhook must send in X-Versemi-Hook-Secret; empty: there is no webhook. Secret.</summary>
    public string HookSecret { get; set; } = "";
}

internal sealed class HookOptionsValidator : IValidateOptions<HookOptions>
{
    public ValidateOptionsResult Validate(string? name, HookOptions options)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Container))
            errors.Add("Hints:Container is empty: name the container of the blob store.");
        if (options.HookSecret.Length is > 0 and < HookOptions.ShortestSecret)
            errors.Add($"Hints:HookSecret has {options.HookSecret.Length} characters: at least {HookOptions.ShortestSecret} are needed (it is not shown here).");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
