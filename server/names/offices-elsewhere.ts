/**
 * Those who run a site, in languages that the site does not speak: only words without another meaning, by which its readers would
 * take a visitor for one of them.
 */
export const officesElsewhere = `
moderador moderadora moderadores administrador administradora
modérateur modératrice administrateur administratrice
moderatore moderatrice amministratore amministratrice
moderatorin administratorin
moderaattori moderatør moderátor administrátor
moderatör yönetici
модератор модераторы модер админ админы администратор администрация
модератора админа
συντονιστής διαχειριστής
مشرف المشرف مدير المدير
מנהל
ผู้ดูแล แอดมิน
`;
