using Microsoft.JSInterop;
using MudBlazor;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>
/// What a person does on a page goes to the API by the browser, with its cookie, as anybody's request: rights, limits
/// and the audit are in one place.
/// </summary>
internal sealed class Acts(IJSRuntime browser, ISnackbar snackbar)
{
    /// <param name="done">Said where it was accepted.</param>
    /// <returns>False: it was refused, and the person has been told why.</returns>
    public async Task<bool> SendAsync(string method, string path, object? body, string done)
    {
        var refusal = await browser.InvokeAsync<string?>("versemi.act", method, path, body);
        snackbar.Add(refusal ?? done, refusal is null ? Severity.Success : Severity.Error);
        return refusal is null;
    }
}
