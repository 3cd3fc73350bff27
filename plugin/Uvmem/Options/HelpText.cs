using System.Text;

namespace RenodeUvmem.Uvmem.Options;

/// <summary>Texts of <c>--help</c>. The list of options comes from their table.</summary>
internal static class HelpText
{
    private const int Width = 92;
    private const int Indent = 26;

    public static string Program
    {
        get
        {
            var text = new StringBuilder();
            text.AppendLine(
                """
                uvmem - a POWER9 machine with the Protected Execution Facility

                usage: uvmem boot --kernel FILE [options]
                       uvmem boot --load FILE [options]
                       uvmem report FILE [-o PAGE.html] [--title TEXT]     page from a file of --events
                       uvmem profile FILE [FILE] [-o FILE] [--title TEXT]  sums of a file of --profile, two beside each other, or
                                                  another form of one: .folded, .svg
                       uvmem explain [NAME]       what an ultracall, hypercall or page state is; without NAME: which there are
                       uvmem coverage FILE... --debug-info FILE [options]  what ran of the kernel, from files of
                                                  --coverage
                       uvmem disasm --kernel FILE --at ADDRESS-OR-SYMBOL [--count N]
                       uvmem isa [TEXT]           instructions of the CPU whose name has TEXT in it
                       uvmem isa --coverage [FILE]  which instructions of POWER9 the CPU has, and the tests that run
                                                  each; FILE is the record of a test run
                       uvmem --help | --version

                uvmem boots a Linux kernel as hypervisor on an emulated POWER9. With --ultravisor the
                machine has secure memory, and KVM guests can go secure (QEMU's pef-guest object).

                Boot a hypervisor and log in:
                  uvmem boot --kernel vmlinux --initrd root.cpio --append console=hvc0 --interactive

                Boot it with secure memory and watch what the ultravisor is asked for:
                  uvmem boot --kernel vmlinux --initrd root.cpio --append console=hvc0 \
                    --ultravisor --secure-memory 1G --log-ucalls

                Boot unattended, run a command, power off:
                  uvmem boot --kernel vmlinux --initrd root.cpio --append console=hvc0 \
                    --after '# ' --type 'cat /proc/cpuinfo; poweroff -f\n' --console file:console.txt

                Boot once, save it at the shell's prompt, and go on from there as often as you like:
                  uvmem boot --kernel vmlinux --initrd root.cpio --append console=hvc0 \
                    --save-on '# =shell.uvm' --stop-on '# '
                  uvmem boot --load shell.uvm --type 'uname -a; poweroff -f\n'

                Options of boot:
                """);
            foreach (Option option in new BootOptions().Table)
                AppendOption(text, option);
            text.AppendLine().AppendLine("Options of coverage:");
            foreach (Option option in new CoverageOptions().Table)
                AppendOption(text, option);
            text.AppendLine(
                """

                Options may be written --name VALUE or --name=VALUE. Sizes take K, M, G, T (powers of 1024).
                Guest output goes to the console; messages and the closing summary go to standard error.
                Runs are deterministic: the same command gives the same output and the same number of
                instructions, unless --interactive or tcp: brings in a person.

                Exit codes:
                  0    the guest powered off, or a --stop-on text appeared
                  1    the run ended otherwise: reboot, --max-instructions, --break, a gate that nothing opens, --scan found its pattern,
                       or --save-on saved nothing
                  2    something about the command line is wrong; one line says what
                  3    the guest went wild; registers and a call trace are printed
                  4    --translate check found that translated code does something else than the interpreter
                  130  Ctrl-C
                """);
            return text.ToString();
        }
    }

    private static void AppendOption(StringBuilder text, Option option)
    {
        string head = "  " + option.Name + option.Argument switch
        {
            OptionArgument.None => "",
            OptionArgument.Optional => $" [{option.Placeholder}]",
            _ => $" {option.Placeholder}",
        };
        var line = new StringBuilder(head.PadRight(Indent));
        if (head.Length >= Indent)
        {
            text.AppendLine(head);
            line = new StringBuilder(new string(' ', Indent));
        }

        foreach (string word in option.Help.Split(' '))
        {
            if (line.Length + word.Length >= Width)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line = new StringBuilder(new string(' ', Indent));
            }

            line.Append(word).Append(' ');
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
