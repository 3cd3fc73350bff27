using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Contracts;

namespace RenodeUvmem.Ultravisor.Tests.Contracts;

/// <summary>What contracts say of Linux is so in the source of the kernel that is built, if it is unpacked.</summary>
public sealed partial class LinuxTests
{
    private static readonly string? Tree = FindTree();

    // Served by more than the function that Linux's switch calls.
    private static readonly Dictionary<string, string[]> Helpers = new()
    {
        ["kvmppc_h_svm_page_in"] = ["kvmppc_share_page"],
        ["kvmppc_h_svm_init_start"] = ["__kvmppc_uvmem_memslot_create"],
    };

    private static IEnumerable<TestCaseData> Places =>
        from contract in ContractBook.Calls
        from place in contract.Linux
        select new TestCaseData(contract, place).SetArgDisplayNames(contract.Call.ToString(), place.Function);

    private static IEnumerable<TestCaseData> Served =>
        from contract in ContractBook.Calls
        where contract.Call.IsHypercall
        from place in contract.Linux
        where place.Role == "serves it"
        select new TestCaseData(contract, place).SetArgDisplayNames(contract.Call.ToString());

    [TestCaseSource(nameof(Places))]
    public void FunctionHasTheCall(Contract contract, LinuxAttribute place)
    {
        string body = Body(place.File, place.Function);
        if (contract.Call.IsHypercall)
            return;

        // ultravisor.h wraps most calls; UV_WRITE_PATE's wrapper has another name.
        string name = contract.Call.ToString();
        string wrapper = name == nameof(UltraCall.UV_WRITE_PATE) ? "uv_register_pate" : name.ToLowerInvariant();
        Assert.That(body, Does.Match($@"\b({name}|{wrapper}|perform_{wrapper[3..]}|enter_secure_mode)\b"));
    }

    /// <summary>Answers are what the serving function can return; 0 stands for H_SUCCESS, which some return through a variable.</summary>
    [TestCaseSource(nameof(Served))]
    public void HypercallAnswersAreLinuxs(Contract contract, LinuxAttribute place)
    {
        string body = Body(place.File, place.Function) + string.Concat(Helpers.GetValueOrDefault(place.Function, []).Select(helper => Body(place.File, helper)));
        string codes = File.ReadAllText(Path.Combine(Tree!, "arch/powerpc/include/asm/hvcall.h"));
        var inLinux = Code().Matches(body).Select(match => match.Value).Distinct()
            .Select(name => Regex.Match(codes, $@"#define\s+{name}\s+(-?\d+)")).Where(match => match.Success).Select(match => long.Parse(match.Groups[1].Value)).Where(code => code != 0);
        Assert.That(contract.Answers.Select(answer => answer.Code).Where(code => code != 0), Is.EquivalentTo(inLinux));
    }

    private static string Body(string file, string function)
    {
        if (Tree is null)
            Assert.Ignore("the kernel's source is not unpacked; ./scripts/setup.sh does that when it builds a kernel");
        string text = File.ReadAllText(Path.Combine(Tree!, file));
        string pattern = file.EndsWith(".S", StringComparison.Ordinal)
            ? $@"_GLOBAL\({function}\)(?s:.*?)(?=_GLOBAL\(|\z)"
            : $@"^(?!\s)[^;={{}}]*?\b{function}\([^;]*?\)[^;]*?\n\{{(?s:.*?)^\}}";
        Match match = Regex.Match(text, pattern, RegexOptions.Multiline);
        Assert.That(match.Success, $"{function} is not in {file}");
        return match.Value;
    }

    private static string? FindTree()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "RenodeUvmem.sln")))
            root = Path.GetDirectoryName(root);
        string? cache = Environment.GetEnvironmentVariable("UVMEM_CACHE") is { Length: > 0 } path ? path : root is null ? null : Path.Combine(root, "build", "cache");
        return Directory.Exists(cache) ? Directory.GetDirectories(cache, "linux-6.1*").FirstOrDefault(one => File.Exists(Path.Combine(one, "arch/powerpc/kvm/book3s_hv_uvmem.c"))) : null;
    }

    [GeneratedRegex(@"\bH_[A-Z0-9_]+\b")]
    private static partial Regex Code();
}
